#include "picket_plugin.h"
