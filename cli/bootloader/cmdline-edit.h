/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits the kernel command line in a file: all functions are pure. */
#ifndef EARLYBIND_CLI_CMDLINE_EDIT_H
#define EARLYBIND_CLI_CMDLINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the arguments that are written, with blanks between them. x86 keeps as many of
 * all of a command line, with its NUL (COMMAND_LINE_SIZE). */
#define EB_MAX_WORDS 2048

/* Of a trial, see trial.h. In grub.cfg: the variable that a command line has in the place
 * of arguments, and the one of GRUB's environment block that replaces it for one boot.
 * For systemd-boot: the file of the entry, and the comment in it before the arguments. */
#define EB_TRIAL_WORDS "earlybind_words"
#define EB_TRIAL_NEXT  "earlybind_next"
#define EB_TRIAL_ENTRY "0-earlybind-try.conf"
#define EB_TRIAL_MARK  "# earlybind enable --try: "

/* The arguments of ours in TEXT before a bare "--", with blanks between them and names as
 * the kernel compares them, into OUT of SIZE bytes; "" for none. */
void eb_edit_ours(const char *text, char *out, size_t size);

/* Have A and B the same arguments of ours? Without memory they have not. */
bool eb_edit_same_ours(const char *a, const char *b);

/* Is each argument of ours in TEXT one of WORDS? Without memory it is not. */
bool eb_edit_ours_within(const char *text, const char *words);

/* Has TEXT only what means the same to a kernel, in GRUB's script, where '*' and '?' look
 * for files, and between a shell's double quotes? If not, OFFSET is where it does not. */
bool eb_edit_is_carried(const char *text, size_t *offset);

/* Are all of WORDS words of TEXT before a bare "--"? */
bool eb_edit_have_all(const char *text, const char *words);

/* TEXT, a command line and whatever lines follow it, without WORDS: of each the last
 * occurrence goes, with one blank. To be freed; NULL without memory. */
char *eb_edit_without(const char *text, const char *words);

/* TEXT with WORDS at the end of its first line that is not empty, but before a bare "--",
 * behind which all is init's. eb_edit_without() of it is TEXT again, unless TEXT has one
 * of WORDS already. To be freed; NULL without memory. */
char *eb_edit_with(const char *text, const char *words);

/* TEXT, a command line, as one line without our arguments and without those that boot
 * loaders add for one boot: BOOT_IMAGE= and initrd=. To be freed; NULL without memory. */
char *eb_edit_base(const char *text);

/* The drop-in for /etc/default/grub.d that adds WORDS to the menu's normal entries. To be
 * freed; NULL without memory. */
char *eb_edit_drop_in(const char *words);

/* The script for /etc/grub.d that has the command lines of a trial get WORDS, "" for
 * none, in each boot but the next one, if GRUB's environment block has other ones for
 * that. GRUB empties that variable on the disk, and reads it back, before it uses what
 * was in it. To be freed; NULL without memory. */
char *eb_edit_script(const char *words);

/* Was TEXT written by eb_edit_drop_in() or eb_edit_script(), whatever was changed in it
 * since? */
bool eb_edit_is_drop_in(const char *text);

#endif
