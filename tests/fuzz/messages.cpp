#include <fmt/core.h>

#include <cstdint>
#include <cstdlib>

#include "fuzz/properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string broken = conclave::fuzz::broken_by_message({reinterpret_cast<const char*>(data), size});
  if (broken.empty()) return 0;
  fmt::print(stderr, "{}\n", broken);
  std::abort();
}
