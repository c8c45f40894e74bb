# Conclave: `make help` lists what can be made.

SHELL := /bin/bash
BUILD ?= build
TYPE ?= Release
JOBS ?= $(shell nproc)
S ?= scenarios/consensus/pbft_4.yaml

# Every Debian package that building, testing and running needs.
PACKAGES := g++ cmake ninja-build pkg-config libsimgrid-dev libboost-dev libyaml-cpp-dev libeigen3-dev doctest-dev libfmt-dev \
            libsodium-dev libxxhash-dev libzstd-dev libprotozero-dev libcli11-dev nlohmann-json3-dev

.DEFAULT_GOAL := help
.PHONY: help packages build run test format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

packages: ## install what is missing from Debian's packages
	@missing=""; for p in $(PACKAGES); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; if [ "$$(id -u)" -ne 0 ]; then sudo=sudo; fi; \
	  echo "installing:$$missing"; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi

build: packages ## configure and build (TYPE=Release, BUILD=build)
	@cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=$(TYPE) $(CMAKE_FLAGS) >$(BUILD)-configure.log 2>&1 || { cat $(BUILD)-configure.log; exit 1; }; rm -f $(BUILD)-configure.log
	@cmake --build $(BUILD) -j $(JOBS)

run: build ## run a scenario (S=scenarios/consensus/pbft_4.yaml)
	@$(BUILD)/conclave run $(S)

test: build ## build and run all tests
	@cd $(BUILD) && ctest --output-on-failure -j $(JOBS)

format: ## format all sources
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

clean: ## remove the build folder
	@rm -rf $(BUILD)
