/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that other rooms have for cards/part.h. */
#include "cards/part.h"
#define EB_FORM_TEXT	 EB_ARGUMENT_TEXT
#define eb_form_slot	 eb_part_slot
#define eb_form_address	 eb_part_address
#define eb_form_argument eb_part_argument
