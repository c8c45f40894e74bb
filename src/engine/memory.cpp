#include "engine/memory.hpp"

#include <malloc.h>

namespace conclave {

void prepare_memory() {
#ifdef __GLIBC__
  // Address space costs nothing, only what is touched does.
  constexpr int kMebi = 1 << 20;
  mallopt(M_TOP_PAD, 64 * kMebi);
  mallopt(M_TRIM_THRESHOLD, 1024 * kMebi);
  mallopt(M_MMAP_THRESHOLD, 32 * kMebi);  // no more is allowed
#endif
}

}  // namespace conclave
