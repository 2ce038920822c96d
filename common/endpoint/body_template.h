// Moved to common/dialect; kept until worker/dispatch includes that.
#pragma once

#include "common/dialect/openai.h"
