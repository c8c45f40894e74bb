# Conclave: `make help` lists what can be made.

SHELL := /bin/bash
BUILD ?= build
TYPE ?= Release
JOBS ?= $(shell nproc)
S ?= scenarios/consensus/pbft_4.yaml
# Bash counts up a SECONDS of its own, so only one given to make itself is meant.
FUZZ_SECONDS := $(if $(filter command line,$(origin SECONDS)),$(SECONDS),60)

# Every Debian package that building, testing and running needs.
PACKAGES := g++ cmake ninja-build pkg-config libsimgrid-dev libboost-dev libyaml-cpp-dev libeigen3-dev doctest-dev libfmt-dev \
            libsqlitecpp-dev libsodium-dev libxxhash-dev libzstd-dev libprotozero-dev liblemon-dev libcli11-dev nlohmann-json3-dev python3 perl

# What only `make figures` and analysis/ need on top.
ANALYSIS := python3-pandas python3-matplotlib

# What only `make check`, `make matrix` and `make fuzz` need on top.
TOOLS := clang clang-format clang-tidy libclang-rt-14-dev

.DEFAULT_GOAL := help
.PHONY: help packages tools build run test bench swarm chaos published check matrix sanitize fuzz golden pictures docs format clean closed-forms big figures

# Installs what is missing of the packages in $(1).
define install
	@missing=""; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  sudo=""; if [ "$$(id -u)" -ne 0 ]; then sudo=sudo; fi; \
	  echo "installing:$$missing"; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

packages: ## install what is missing from Debian's packages
	$(call install,$(PACKAGES))

tools: packages ## install what check, matrix and fuzz need as well
	$(call install,$(TOOLS))

build: packages ## configure and build (TYPE=Release, BUILD=build)
	@mkdir -p $(BUILD); cmake -S . -B $(BUILD) -G Ninja -DCMAKE_BUILD_TYPE=$(TYPE) $(CMAKE_FLAGS) >$(BUILD)/configure.log 2>&1 || { cat $(BUILD)/configure.log; exit 1; }
	@cmake --build $(BUILD) -j $(JOBS) $(TARGET)

run: TARGET := --target conclave
run: build ## run a scenario (S=scenarios/consensus/pbft_4.yaml)
	@$(BUILD)/conclave run $(S)

test: build ## build and run all tests
	@cd $(BUILD) && ctest --output-on-failure -j $(JOBS)

bench: TARGET := --target conclave_bench
bench: build ## measure against SimGrid's actors and bare event loops; writes build/bench.json
	@$(BUILD)/tests/conclave_bench --json $(BUILD)/bench.json

MESSAGES ?= 1000000
closed-forms: TARGET := --target conclave
closed-forms: build ## delivery against closed forms (MESSAGES=1000000 of each); writes build/closed_forms.json
	@/usr/bin/python3 analysis/closed_forms.py --program $(BUILD)/conclave --messages $(MESSAGES) --out $(BUILD)/closed_forms.json

big: TARGET := --target conclave
big: build ## ten million messages among a thousand agents on bad links (minutes, some GB)
	@$(BUILD)/conclave run tests/big/delivery_ten_million.yaml --no-trace

SEEDS ?= 10000
swarm: TARGET := --target conclave
swarm: build ## draw faults for many seeds of the shipped scenarios (SEEDS=10000): no crash, no alarm
	@$(BUILD)/conclave swarm $$(grep -lE '^swarm:' -r scenarios --include='*.yaml' | sort) --seeds $(SEEDS) --jobs $(JOBS)

RUNS ?= 20000
CHAOS := pbft pbft_with_macs hotstuff hotstuff_with_short_proposals tendermint raft raft_with_its_options bracha
chaos: TARGET := --target conclave_unit
chaos: build ## random adversaries against each consensus protocol, f of 3f + 1 (RUNS=20000 of each): no alarm
	@per=$$(( ($(RUNS) + $(JOBS) - 1) / $(JOBS) )); \
	for protocol in $(CHAOS); do for job in $$(seq 0 $$(( $(JOBS) - 1 ))); do echo $$(( 1 + job * per )) "chaos:?$${protocol//_/?}"; done; done | \
	xargs -n 2 -P $(JOBS) sh -c 'CHAOS_FIRST=$$0 CHAOS_SEEDS='$$per' nice $(BUILD)/tests/conclave_unit --test-case="$$1" || exit 255'

published: TARGET := --target conclave
published: build ## the published figures of HotStuff and PBFT beside ours, and what binds each (docs/consensus.md)
	@/usr/bin/python3 analysis/published.py --program $(BUILD)/conclave --binding

check: tools test ## test, formatting, clang-tidy
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format --dry-run --Werror
	@cmake -S . -B build-tidy -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DBUILD_TESTING=OFF >/dev/null
	@git ls-files 'src/*.cpp' | xargs -P $(JOBS) -n 4 clang-tidy --quiet -p build-tidy

matrix: tools ## the scenarios under gcc and clang, Debug and Release: equal fingerprints
	@for compiler in g++ clang++; do for type in Debug Release; do \
	  echo "== $$compiler $$type"; \
	  $(MAKE) --no-print-directory build BUILD=build-$$compiler-$$type TYPE=$$type CMAKE_FLAGS="-DCMAKE_CXX_COMPILER=$$compiler -DBUILD_TESTING=OFF" || exit 1; \
	  build-$$compiler-$$type/conclave test || exit 1; \
	done; done

sanitize: packages ## all tests under the address and undefined-behaviour sanitizers
	@$(MAKE) --no-print-directory test BUILD=build-sanitize TYPE=RelWithDebInfo CMAKE_FLAGS=-DCONCLAVE_SANITIZE=ON

fuzz: tools ## throw bytes at the decoders and the scenario loader (SECONDS=60 for each)
	@$(MAKE) --no-print-directory build BUILD=build-fuzz TYPE=RelWithDebInfo TARGET="--target conclave_fuzz_messages conclave_fuzz_scenarios conclave_fuzz_seeds" \
	  CMAKE_FLAGS="-DCMAKE_CXX_COMPILER=clang++ -DCONCLAVE_FUZZ=ON -DBUILD_TESTING=OFF"
	@mkdir -p build-fuzz/messages build-fuzz/scenarios
	@build-fuzz/tests/fuzz/conclave_fuzz_seeds build-fuzz/seeds
	@cd build-fuzz && nice tests/fuzz/conclave_fuzz_messages -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
	  messages seeds ../tests/fuzz/messages
	@cd build-fuzz && nice tests/fuzz/conclave_fuzz_scenarios -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -print_final_stats=1 \
	  scenarios $(addprefix ../,$(wildcard scenarios/*)) ../tests/bad_input ../tests/fuzz/scenarios

golden: build ## rewrite expected notebooks and fingerprints, then show the diff
	@REWRITE=1 $(BUILD)/tests/conclave_unit -tc='*notebook*' || echo "some notebooks cannot be read: see above"
	@$(BUILD)/conclave test --update
	@git status --short tests/notebooks scenarios

pictures: build ## draw the pictures of the documentation again
	@$(BUILD)/conclave run scenarios/consensus/pbft_4.yaml --out $(BUILD)/pictures >/dev/null
	@/usr/bin/python3 analysis/space_time.py $(BUILD)/pictures --until 90 -o docs/pbft_4.svg

figures: TARGET := --target conclave
figures: build ## run the sweeps of consensus and draw their figures into docs/figures
	$(call install,$(ANALYSIS))
	@mkdir -p docs/figures
	@for sweep in consensus_latency consensus_throughput; do \
	  $(BUILD)/conclave sweep run analysis/sweeps/$$sweep.yaml --db $(BUILD)/$$sweep.sqlite || exit 1; done
	@/usr/bin/python3 analysis/figure_consensus.py $(BUILD)/consensus_latency.sqlite $(BUILD)/consensus_throughput.sqlite docs/figures

docs: build ## write docs/scenarios.md from the declared parameters
	@$(BUILD)/conclave explain --all > $(BUILD)/scenarios.md && mv $(BUILD)/scenarios.md docs/scenarios.md

format: tools ## format all sources
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

clean: ## remove the build folders
	@rm -rf build build-*
