// SPDX-License-Identifier: GPL-2.0-or-later
/* Codes of items, their weight, and what to do about each. */
#include "items.h"

#define ANEW	 "update-initramfs -u (with dracut: dracut --force)"
#define REBUILD	 ANEW ", then reboot"
#define TAKE_OUT "take it out of the boot loader's configuration"
#define LOOK	 "vfio.gpus(7) has more on it"

static const struct {
	const char *name;
	enum eb_severity severity;
	const char *remedy;
} codes[EB_ITEM_CODES] = {
	[EB_ITEM_NO_REPORT] = {"no-report", EB_ERROR, "run " REBUILD},
	[EB_ITEM_BAD_REPORT] = {"bad-report", EB_ERROR,
				"reboot; see that the agent in the image and this "
				"command are of one version: run " REBUILD},
	[EB_ITEM_LOST] = {"lost", EB_ERROR, "reboot, and it is claimed again"},
	[EB_ITEM_REMOVED] =
		{"removed", EB_ERROR,
		 "echo 1 > /sys/bus/pci/rescan may find it again, without the "
		 "driver_override that died with it; a reboot claims it again"},
	[EB_ITEM_NOT_CLAIMED] = {"not-claimed", EB_ERROR,
				 "see the reason; earlybind plan tells what the next "
				 "boot would do"},
	[EB_ITEM_CLAIMED_SINCE] = {"claimed-since", EB_INFO,
				   "nothing now; see why it failed if it does so in "
				   "each boot"},
	[EB_ITEM_GROUP_NOT_VIABLE] =
		{"group-not-viable", EB_ERROR,
		 "move the card to a slot of another group (earlybind list shows the "
		 "groups), or claim the others too, if the host can spare them"},
	[EB_ITEM_CANT_RESERVE] =
		{"cant-reserve", EB_ERROR,
		 "start the guest again; if it comes back, run earlybind "
		 "diagnose while the guest runs"},
	[EB_ITEM_PROBE_FAILED] = {"probe-failed", EB_ERROR,
				  "see the kernel log around this line (dmesg)"},
	[EB_ITEM_POWER_STATE] = {"power-state", EB_WARNING,
				 "add earlybind.power=on, so that it never sleeps; to "
				 "wake it now, power the machine off and on"},
	[EB_ITEM_RESET_TROUBLE] =
		{"reset-trouble", EB_WARNING,
		 "power the machine off and on before a guest uses it again; give all "
		 "functions of the card to one guest, so that its bus can be reset"},
	[EB_ITEM_DISPLAY_IN_USE] = {"display-in-use", EB_WARNING,
				    "add earlybind.fb=release, and reboot"},
	[EB_ITEM_IMAGE_NO_AGENT] =
		{"image-no-agent", EB_ERROR,
		 "see that /usr/share/initramfs-tools/hooks/earlybind is there, run "
		 "update-initramfs -u, and look for a warning of earlybind"},
	[EB_ITEM_IMAGE_NO_VFIO] = {"image-no-vfio", EB_ERROR,
				   "run update-initramfs -u, and look for a warning of "
				   "earlybind"},
	[EB_ITEM_IMAGE_ORDER] =
		{"image-order", EB_ERROR,
		 "see which script in init-top names earlybind in its PREREQ, or was "
		 "renamed; earlybind's own has none; then run update-initramfs -u"},
	[EB_ITEM_NEXT_BOOT] = {"next-boot", EB_WARNING, "reboot, if this is meant"},
	[EB_ITEM_NOT_APPLIED] = {"not-applied", EB_WARNING, ""},
	[EB_ITEM_DRIVER_BLACKLISTED] = {"driver-blacklisted", EB_WARNING,
					"take the line out, run " REBUILD},
	[EB_ITEM_IDS_IN_MODPROBE] = {"ids-in-modprobe", EB_WARNING,
				     "take ids= out of the line, run " REBUILD},
	[EB_ITEM_MISSING_MODULE] = {"missing-module", EB_WARNING, "take vfio_virqfd out"},
	[EB_ITEM_MODESET_OFF] = {"modeset-off", EB_WARNING, TAKE_OUT},
	[EB_ITEM_ACS_OVERRIDE] =
		{"acs-override", EB_WARNING,
		 TAKE_OUT
		 ", and see with earlybind list who shares a group then; keep it "
		 "only where all guests are trusted"},
	[EB_ITEM_VGA_DISABLED] = {"vga-disabled", EB_INFO,
				  "take disable_vga=1 out of the line, run " REBUILD},
	[EB_ITEM_FRAMEBUFFER_OFF] =
		{"framebuffer-off", EB_INFO,
		 TAKE_OUT ", and add earlybind.fb=release, which frees the claimed card "
			  "alone"},
	[EB_ITEM_NEEDLESS_MODPROBE] = {"needless-modprobe", EB_INFO,
				       "they may go; then run " ANEW},
	[EB_ITEM_NEEDLESS_MODULE] = {"needless-module", EB_INFO,
				     "they may go; then run " ANEW},
	[EB_ITEM_NEEDLESS_ARGUMENT] = {"needless-argument", EB_INFO, TAKE_OUT},
};

static const char *const remedies[EB_CODES] = {
	[EB_FIND_BAD_ITEM] = "mend the item; earlybind plan checks it without a boot",
	[EB_FIND_EMPTY_ARGUMENT] = "write a list, or take vfio.gpus= out",
	[EB_FIND_UNKNOWN_OPTION] = "mend its name, or take it out; " LOOK,
	[EB_FIND_BAD_VALUE] = "give it one of its values",
	[EB_FIND_TOO_LONG] = "shorten it: nvidia, amd or all name many cards",
	[EB_FIND_SWITCHED_OFF] = "take 'none' out to claim again",
	[EB_FIND_DRY_RUN] = "take earlybind.dryrun=1 out to claim what is planned",
	[EB_FIND_NO_MATCH] = "write the card's address as earlybind list shows it now",
	[EB_FIND_NOT_A_CARD_ID] = "name the card by its display controller's id, or by "
				  "address",
	[EB_FIND_GUARD] =
		"find the card that was meant with earlybind list, and write its "
		"address",
	[EB_FIND_BRIDGE] = "name the card below it; earlybind list shows its path",
	[EB_FIND_NOT_DISPLAY] =
		"write the card's address; if this function is meant, add "
		"earlybind.nongpu=allow",
	[EB_FIND_NO_IOMMU] = "switch the IOMMU on; " LOOK,
	[EB_FIND_GROUP_HELD] =
		"move one of the two to another slot, or claim both if the "
		"host can spare it",
	[EB_FIND_SRIOV] = "keep what creates its virtual functions from doing so at boot",
	[EB_FIND_OTHER_OVERRIDE] = "driverctl unset-override ADDRESS, or take the card "
				   "out of vfio.gpus",
	[EB_FIND_IDS_TAKE_MORE] = "take vfio-pci.ids= out of the command line",
	[EB_FIND_BOOT_DISPLAY] = "nothing if this is meant; else add ,-boot to the list",
	[EB_FIND_BOOT_DISPLAY_UNKNOWN] = "name the cards by address",
	[EB_FIND_SCAN] = "see that /sys and /proc are mounted; " LOOK,
	[EB_FIND_LIMIT] = "mend what comes first and look again; " LOOK,
	[EB_FIND_BAR_HELD] = "look again as root with earlybind diagnose, which finds "
			     "out who holds it",
	[EB_FIND_BAR_UNASSIGNED] = "switch 'Above 4G Decoding' on in the firmware setup, "
				   "or add pci=realloc",
	[EB_FIND_NO_RESET] = "give all that is on its bus to the same guest; if it fails "
			     "after a guest's restart, reboot the host",
	[EB_FIND_VIDEO_OFF] = "take video=efifb:off out",
	[EB_FIND_IOMEM_HIDDEN] = "run earlybind diagnose as root",
	[EB_FIND_HOLD_FAILED] = "see that it is still there (earlybind list), and reboot",
	[EB_FIND_NO_VFIO] = "run " ANEW ", look for a warning of earlybind, and reboot",
	[EB_FIND_LOAD_FAILED] = "mend the module's options in /etc/modprobe.d or on the "
				"command line; run " ANEW ", and reboot",
	[EB_FIND_UNBIND_FAILED] = "find out what loads its driver so early: it is built "
				  "in, or another boot script does",
	[EB_FIND_BIND_FAILED] = "by the error: EINVAL, switch the IOMMU on; EBUSY, keep "
				"virtual functions off; ENODEV, see that it is there",
	[EB_FIND_TIMEOUT] = "see the kernel log for what hangs; if the machine is only "
			    "slow, add earlybind.timeout=60",
	[EB_FIND_HANDED_BACK] = "mend the error that led to it",
	[EB_FIND_STILL_HELD] = "mend the error that led to it; its own driver gets it by "
			       "the two commands above",
	[EB_FIND_POWER_FAILED] = "echo on > /sys/bus/pci/devices/ADDRESS/power/control",
	[EB_FIND_RELEASED] = "nothing, it was asked for",
	[EB_FIND_RELEASE_FAILED] = "see whether something sits on a BAR (bar-held)",
};

const char *eb_item_code_name(enum eb_item_code code)
{
	return codes[code].name;
}

enum eb_severity eb_item_code_severity(enum eb_item_code code)
{
	return codes[code].severity;
}

const char *eb_item_code_remedy(enum eb_item_code code)
{
	return codes[code].remedy;
}

const char *eb_finding_remedy(enum eb_code code)
{
	return remedies[code];
}
