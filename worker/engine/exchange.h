// The exchange is in worker/exchange; users of this path will be moved.
#pragma once

#include "worker/exchange/exchange.h"
