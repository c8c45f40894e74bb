// How the program gets its memory from the system.
#pragma once

namespace conclave {

/// For a process that is about to run a simulation, which takes much memory in small pieces and gives little back
/// before its end. Lets the heap grow by large steps, and keep what is freed: the kernel can then back it with large
/// pages. On a virtual machine, where the first touch of a page takes microseconds, that is most of the time of some
/// short runs.
void prepare_memory();

}  // namespace conclave
