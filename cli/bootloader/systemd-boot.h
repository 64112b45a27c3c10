/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is systemd-boot's alone: where its partition may be. */
#ifndef EARLYBIND_CLI_SYSTEMD_BOOT_H
#define EARLYBIND_CLI_SYSTEMD_BOOT_H

/* Directories that the EFI system partition, or the one with the kernels, is mounted on.
 */
#define EB_SYSTEMD_BOOTS 3
extern const char *const eb_systemd_boots[EB_SYSTEMD_BOOTS];

#endif
