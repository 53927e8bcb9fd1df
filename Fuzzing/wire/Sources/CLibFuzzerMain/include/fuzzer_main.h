#pragma once

/// libFuzzer's driver under the name that the package manager gives the entry of the executable.
int WireFuzzer_main(int count, char **arguments);
