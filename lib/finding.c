// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings: what a person should know, each with a stable code and one sentence. */
#include <earlybind/finding.h>

static const struct {
	char name[23];
	unsigned char severity;
} codes[EB_CODES] = {
	[EB_FIND_BAD_ITEM] = {"bad-item", EB_ERROR},
	[EB_FIND_EMPTY_ARGUMENT] = {"empty-argument", EB_WARNING},
	[EB_FIND_UNKNOWN_OPTION] = {"unknown-option", EB_WARNING},
	[EB_FIND_BAD_VALUE] = {"bad-value", EB_WARNING},
	[EB_FIND_TOO_LONG] = {"too-long", EB_ERROR},
	[EB_FIND_SWITCHED_OFF] = {"switched-off", EB_INFO},
	[EB_FIND_DRY_RUN] = {"dry-run", EB_INFO},
	[EB_FIND_NO_MATCH] = {"no-match", EB_ERROR},
	[EB_FIND_NOT_A_CARD_ID] = {"not-a-card-id", EB_ERROR},
	[EB_FIND_GUARD] = {"guard", EB_ERROR},
	[EB_FIND_BRIDGE] = {"bridge", EB_ERROR},
	[EB_FIND_NOT_DISPLAY] = {"not-display", EB_ERROR},
	[EB_FIND_NO_IOMMU] = {"no-iommu", EB_ERROR},
	[EB_FIND_GROUP_HELD] = {"group-held", EB_WARNING},
	[EB_FIND_SRIOV] = {"sriov", EB_ERROR},
	[EB_FIND_OTHER_OVERRIDE] = {"other-override", EB_ERROR},
	[EB_FIND_IDS_TAKE_MORE] = {"ids-take-more", EB_WARNING},
	[EB_FIND_BOOT_DISPLAY] = {"boot-display", EB_WARNING},
	[EB_FIND_BOOT_DISPLAY_UNKNOWN] = {"boot-display-unknown", EB_ERROR},
	[EB_FIND_SCAN] = {"scan", EB_ERROR},
	[EB_FIND_LIMIT] = {"limit", EB_ERROR},
	[EB_FIND_BAR_HELD] = {"bar-held", EB_WARNING},
	[EB_FIND_BAR_UNASSIGNED] = {"bar-unassigned", EB_WARNING},
	[EB_FIND_NO_RESET] = {"no-reset", EB_INFO},
	[EB_FIND_VIDEO_OFF] = {"video-off", EB_INFO},
	[EB_FIND_IOMEM_HIDDEN] = {"iomem-hidden", EB_WARNING},
	[EB_FIND_RMRR] = {"rmrr", EB_WARNING},
	[EB_FIND_NO_REMAPPING] = {"no-interrupt-remapping", EB_WARNING},
	[EB_FIND_NOT_POSTED] = {"not-posted", EB_INFO},
	[EB_FIND_HOLD_FAILED] = {"hold-failed", EB_ERROR},
	[EB_FIND_NO_VFIO] = {"no-vfio", EB_ERROR},
	[EB_FIND_LOAD_FAILED] = {"load-failed", EB_ERROR},
	[EB_FIND_UNBIND_FAILED] = {"unbind-failed", EB_ERROR},
	[EB_FIND_BIND_FAILED] = {"bind-failed", EB_ERROR},
	[EB_FIND_TIMEOUT] = {"timeout", EB_ERROR},
	[EB_FIND_HANDED_BACK] = {"handed-back", EB_INFO},
	[EB_FIND_STILL_HELD] = {"still-held", EB_ERROR},
	[EB_FIND_RELEASED] = {"released", EB_INFO},
	[EB_FIND_RELEASE_FAILED] = {"release-failed", EB_WARNING},
	[EB_FIND_POWER_FAILED] = {"power-failed", EB_WARNING},
};

struct eb_text eb_finding_drop(struct eb_findings *findings)
{
	/* The last byte of the last text is a NUL whatever precedes it. */
	return eb_text_on(&findings->list[EB_MAX_FINDINGS - 1].text[EB_FINDING_TEXT - 1],
			  1);
}

struct eb_text eb_finding_add(struct eb_findings *findings, enum eb_code code,
			      const struct eb_addr *addr)
{
	struct eb_finding *finding;
	struct eb_text text;

	if (findings->count >= EB_MAX_FINDINGS - 1) {
		finding = &findings->list[EB_MAX_FINDINGS - 1];
		findings->count = EB_MAX_FINDINGS;
		findings->dropped++;
		*finding = (struct eb_finding){.code = EB_FIND_LIMIT};
		text = eb_text_on(finding->text, EB_FINDING_TEXT);
		eb_text_add(
			&text,
			"%u more findings did not fit, the report holds %d; fix these "
			"and run again",
			findings->dropped, EB_MAX_FINDINGS - 1);
		return eb_finding_drop(findings);
	}
	finding = &findings->list[findings->count++];
	finding->code = code;
	finding->has_addr = addr != NULL;
	if (addr)
		finding->addr = *addr;
	return eb_text_on(finding->text, EB_FINDING_TEXT);
}

struct eb_text eb_finding_on(struct eb_findings *findings, enum eb_code code,
			     const struct eb_addr *addr)
{
	struct eb_text text = eb_finding_add(findings, code, addr);
	char name[EB_ADDR_TEXT];

	eb_text_add(&text, "%s ", eb_addr_print(addr, name));
	return text;
}

const char *eb_finding_name(enum eb_code code)
{
	return codes[code].name;
}

enum eb_severity eb_finding_severity(enum eb_code code)
{
	return (enum eb_severity)codes[code].severity;
}

const char *eb_finding_severity_name(enum eb_severity severity)
{
	switch (severity) {
	case EB_ERROR:
		return "error";
	case EB_WARNING:
		return "warning";
	case EB_INFO:
		return "info";
	}
	return "error";
}
