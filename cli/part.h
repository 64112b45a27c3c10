#include "cards/part.h"
