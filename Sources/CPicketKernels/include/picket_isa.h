/// ISA levels: which family of kernels a CPU can run, found out once per process.
///
/// A level is a set of instructions that a kernel family may use. What a level needs is asked of the CPU (CPUID) and of
/// the operating system (XGETBV: does it save the wide registers on a context switch?); both must agree.

#ifndef PICKET_ISA_H
#define PICKET_ISA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// A kernel family. The numbers are stable: they may be stored and logged.
typedef enum picket_isa_level {
    /// Plain C over 128-bit vectors; runs on every CPU the compiler targets. No fused multiply-add.
    PICKET_ISA_PORTABLE = 0,
    /// x86-64 with AVX2 and FMA.
    PICKET_ISA_AVX2 = 1,
    /// x86-64 with AVX-512 F, BW, DQ and VL.
    PICKET_ISA_AVX512 = 2,
    /// 64-bit Arm with Advanced SIMD.
    PICKET_ISA_NEON = 3,
} picket_isa_level;

/// Number of levels; valid levels are 0 ..< PICKET_ISA_LEVEL_COUNT.
#define PICKET_ISA_LEVEL_COUNT 4

/// What became of a request for a level.
typedef enum picket_isa_selection {
    /// The level can be used.
    PICKET_ISA_SELECTED = 0,
    /// No level has that name.
    PICKET_ISA_UNKNOWN_NAME = 1,
    /// The level is known, but this build has no kernels for it (other architecture, or not in this version).
    PICKET_ISA_NOT_BUILT = 2,
    /// The kernels are there, but this CPU or its operating system cannot run them.
    PICKET_ISA_NOT_ON_THIS_CPU = 3,
} picket_isa_selection;

/// The level's name as users write it: "portable", "avx2", "avx512", "neon"; "unknown" for any other number.
const char *picket_isa_name(picket_isa_level level);

/// Whether kernels of this level are in this build and this CPU and operating system can run them.
bool picket_isa_available(picket_isa_level level);

/// The level to use when nobody asks for one: the fastest family for what this CPU does. Always available.
picket_isa_level picket_isa_best(void);

/// Reads an override such as the value of PICKET_ISA: a level's name, in lower case.
///
/// NULL or "" ask for `picket_isa_best()`. On PICKET_ISA_SELECTED `*level` is the level to use. On NOT_BUILT and
/// NOT_ON_THIS_CPU it is the level that was asked for, so that the message can name it; on UNKNOWN_NAME it is untouched.
picket_isa_selection picket_isa_select(const char *_Nullable name, picket_isa_level *level);

/// One sentence for a selection that failed, to stand behind the value that the user gave.
const char *picket_isa_selection_message(picket_isa_selection selection);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
