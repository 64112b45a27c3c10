/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EARLYBIND_CLI_CMDLINE_ARGUMENTS_H
#define EARLYBIND_CLI_CMDLINE_ARGUMENTS_H
#include <stdbool.h>
#include <stddef.h>
#include "cmdline-edit.h"
#define EB_WORDS_WHY 512
bool eb_words_is_list(const char *text);
int eb_words_read(int count, char *const *arg, char out[EB_MAX_WORDS],
		  char why[EB_WORDS_WHY]);
#endif
