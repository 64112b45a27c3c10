// SPDX-License-Identifier: GPL-2.0-or-later
// strstr() for short words: klibc's makes a table for each search, by 250 bytes of code.
#include <string.h>

char *strstr(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (;; text++) {
		if ((*text == *word || len == 0) && strncmp(text, word, len) == 0)
			return (char *)text;
		if (!*text)
			return NULL;
	}
}
