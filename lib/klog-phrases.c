// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel log says of guests that used functions: apart, as the agent comes
 * before any. */
#include <earlybind/klog.h>

/* Words of drivers/pci/pci.c, vfio_pci_core.c and drivers/base/dd.c, 5.10 to 7.2. A
 * failure of another driver is of the time before vfio-pci had the function. */
const struct eb_klog_phrase eb_klog_since_boot[] = {
	{"t reserve", EB_KLOG_RESERVE, true}, /* can't, in any quotes that a copy has */
	{"failed with error", EB_KLOG_PROBE, true},
	{"stuck in D3", EB_KLOG_POWER, false},
	{"after resume; giving up", EB_KLOG_POWER, false},
	/* It is off its bus, wherever it was to go; but one that only stays awake is no
	 * trouble (pci_set_low_power_state; before 5.8 pci_raw_set_power_state). */
	{"e inaccessible", EB_KLOG_POWER, false}, /* device, (config) space */
	{" to D3", EB_KLOG_NONE, false},
	{"currently in D0", EB_KLOG_NONE, false},
	{"change power state", EB_KLOG_POWER, false}, /* unable to, can't, refused to */
	{"; giving up", EB_KLOG_RESET, false}, /* "waiting" for it is no failure yet */
	{"reset recovery", EB_KLOG_RESTORED, false},
	{0},
};
