/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a kernel command line: those that `enable` is given, and those of a file. */
#ifndef EARLYBIND_CLI_WORDS_H
#define EARLYBIND_CLI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the words that are written, with blanks between them. As many as the kernel
 * takes on x86 for all of its command line. */
#define EB_MAX_WORDS 2048
#define EB_WORDS_WHY 512

/* Is TEXT a list as vfio.gpus= takes it, each item understood? */
bool eb_words_is_list(const char *text);

/* Join the COUNT arguments ARG into OUT: bare lists become one vfio.gpus=, the rest must
 * be arguments of ours. 0; or -EINVAL and WHY, half a sentence that names the culprit.
 * What is in OUT means the same to a kernel, to GRUB's menu, and between a shell's double
 * quotes. */
int eb_words_read(int count, char *const *arg, char out[EB_MAX_WORDS],
		  char why[EB_WORDS_WHY]);

/* Is WORD, of LEN bytes, one of the words of TEXT before a bare "--"? */
bool eb_words_have(const char *text, const char *word, size_t len);

/* Are all of WORDS words of TEXT? */
bool eb_words_have_all(const char *text, const char *words);

/* TEXT, a command line and whatever lines follow it, without WORDS: of each the last
 * occurrence goes, with one blank. To be freed; NULL without memory. */
char *eb_words_without(const char *text, const char *words);

/* TEXT with WORDS at the end of its first line that is not empty, but before a bare "--",
 * behind which all is init's. eb_words_without() of it is TEXT again, unless TEXT has one
 * of WORDS already. To be freed; NULL without memory. */
char *eb_words_with(const char *text, const char *words);

/* TEXT, a command line, as one line without our arguments and without those that boot
 * loaders add for one boot: BOOT_IMAGE= and initrd=. To be freed; NULL without memory. */
char *eb_words_base(const char *text);

/* The drop-in for /etc/default/grub.d that adds WORDS to the menu's normal entries. To be
 * freed; NULL without memory. */
char *eb_words_drop_in(const char *words);

/* Was TEXT written by eb_words_drop_in(), whatever came to it since? */
bool eb_words_is_drop_in(const char *text);

#endif
