// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings: what a person should know, each with a stable code and one sentence. */
#include <earlybind/finding.h>

/* In the order of enum eb_code: name and severity. */
#define CODES(CODE)                                               \
	CODE(BAD_ITEM, "bad-item", ERROR)                         \
	CODE(EMPTY_ARGUMENT, "empty-argument", WARNING)           \
	CODE(UNKNOWN_OPTION, "unknown-option", WARNING)           \
	CODE(BAD_VALUE, "bad-value", WARNING)                     \
	CODE(TOO_LONG, "too-long", ERROR)                         \
	CODE(SWITCHED_OFF, "switched-off", INFO)                  \
	CODE(DRY_RUN, "dry-run", INFO)                            \
	CODE(NO_MATCH, "no-match", ERROR)                         \
	CODE(NOT_A_CARD_ID, "not-a-card-id", ERROR)               \
	CODE(GUARD, "guard", ERROR)                               \
	CODE(BRIDGE, "bridge", ERROR)                             \
	CODE(NOT_DISPLAY, "not-display", ERROR)                   \
	CODE(NO_IOMMU, "no-iommu", ERROR)                         \
	CODE(GROUP_HELD, "group-held", WARNING)                   \
	CODE(SRIOV, "sriov", ERROR)                               \
	CODE(OTHER_OVERRIDE, "other-override", ERROR)             \
	CODE(IDS_TAKE_MORE, "ids-take-more", WARNING)             \
	CODE(BOOT_DISPLAY, "boot-display", WARNING)               \
	CODE(BOOT_DISPLAY_UNKNOWN, "boot-display-unknown", ERROR) \
	CODE(SCAN, "scan", ERROR)                                 \
	CODE(LIMIT, "limit", ERROR)                               \
	CODE(BAR_HELD, "bar-held", WARNING)                       \
	CODE(BAR_UNASSIGNED, "bar-unassigned", WARNING)           \
	CODE(NO_RESET, "no-reset", INFO)                          \
	CODE(VIDEO_OFF, "video-off", INFO)                        \
	CODE(IOMEM_HIDDEN, "iomem-hidden", WARNING)               \
	CODE(RMRR, "rmrr", WARNING)                               \
	CODE(NO_REMAPPING, "no-interrupt-remapping", WARNING)     \
	CODE(NOT_POSTED, "not-posted", INFO)                      \
	CODE(HOLD_FAILED, "hold-failed", ERROR)                   \
	CODE(NO_VFIO, "no-vfio", ERROR)                           \
	CODE(LOAD_FAILED, "load-failed", ERROR)                   \
	CODE(UNBIND_FAILED, "unbind-failed", ERROR)               \
	CODE(BIND_FAILED, "bind-failed", ERROR)                   \
	CODE(TIMEOUT, "timeout", ERROR)                           \
	CODE(HANDED_BACK, "handed-back", INFO)                    \
	CODE(STILL_HELD, "still-held", ERROR)                     \
	CODE(POWER_FAILED, "power-failed", WARNING)               \
	CODE(RELEASED, "released", INFO)                          \
	CODE(RELEASE_FAILED, "release-failed", WARNING)

#define ROW(code, name, severity)      ROW_##code,
#define NAME(code, name, severity)     name "\0"
#define SEVERITY(code, name, severity) EB_##severity,

/* One text and one byte for each, in the place of a table twice as large. */
static const char names[] = CODES(NAME);
static const unsigned char severities[EB_CODES] = {CODES(SEVERITY)};

enum { CODES(ROW) };
#define ORDERED(code, name, severity) \
	_Static_assert((int)ROW_##code == (int)EB_FIND_##code, "in order");
CODES(ORDERED)

struct eb_text *eb_finding_drop(struct eb_findings *findings)
{
	/* The last byte of the last text is a NUL whatever precedes it. */
	findings->text = eb_text_on(
		&findings->list[EB_MAX_FINDINGS - 1].text[EB_FINDING_TEXT - 1], 1);
	return &findings->text;
}

struct eb_text *eb_finding_add(struct eb_findings *findings, enum eb_code code,
			       const struct eb_addr *addr)
{
	struct eb_finding *finding = &findings->list[findings->count];
	bool fits = findings->count < EB_MAX_FINDINGS - 1;

	if (fits) {
		findings->count++;
	} else {
		finding = &findings->list[EB_MAX_FINDINGS - 1];
		findings->count = EB_MAX_FINDINGS;
		findings->dropped++;
		code = EB_FIND_LIMIT;
		addr = NULL;
	}
	finding->code = code;
	finding->has_addr = addr != NULL;
	if (addr)
		finding->addr = *addr;
	findings->text = eb_text_on(finding->text, EB_FINDING_TEXT);
	if (fits)
		return &findings->text;
	eb_text_add(&findings->text, "%u more findings did not fit, the report holds %d",
		    findings->dropped, EB_MAX_FINDINGS - 1);
	return eb_finding_drop(findings);
}

struct eb_text *eb_finding_on(struct eb_findings *findings, enum eb_code code,
			      const struct eb_addr *addr)
{
	struct eb_text *text = eb_finding_add(findings, code, addr);
	char name[EB_ADDR_TEXT];

	eb_text_add(text, "%s ", eb_addr_print(addr, name));
	return text;
}

const char *eb_finding_name(enum eb_code code)
{
	return eb_text_nth(names, code);
}

enum eb_severity eb_finding_severity(enum eb_code code)
{
	return (enum eb_severity)severities[code];
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
