#include "source_dir.hpp"

namespace conclave {

std::string source_dir() {
  return CONCLAVE_SOURCE_DIR;
}

}  // namespace conclave
