#ifndef FUZZER_MAIN_H
#define FUZZER_MAIN_H

/// The entry that SwiftPM gives the executable in place of `main`: hands over to libFuzzer.
int OnnxFuzzer_main(int count, char **arguments);

#endif
