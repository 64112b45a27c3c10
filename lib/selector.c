// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of one item of `vfio.gpus=` to a selector, and back. */
#include <errno.h>
#include <string.h>

#include <earlybind/selector.h>

/* The reader's position, and why it stopped. */
struct reader {
	const char *text;
	size_t len;
	size_t at;
	const char *reason;
};

static const struct {
	const char *word;
	enum eb_selector_kind kind;
	uint16_t vendor;
} words[] = {
	{"none", EB_SELECT_NONE, 0},
	{"nvidia", EB_SELECT_VENDOR, 0x10de},
	{"amd", EB_SELECT_VENDOR, 0x1002},
	{"intel", EB_SELECT_VENDOR, 0x8086},
	{"all", EB_SELECT_ALL, 0},
	{"boot", EB_SELECT_BOOT, 0},
	{"secondary", EB_SELECT_SECONDARY, 0},
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static int fail(struct reader *r, size_t at, const char *reason)
{
	r->at = at;
	r->reason = reason;
	return -EINVAL;
}

static bool take(struct reader *r, char c)
{
	if (r->at >= r->len || r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* How many hex digits stand here, at most 9. */
static int digits_here(const struct reader *r)
{
	uint64_t ignored;
	int n = 0;

	while (n < 9 && r->at + (size_t)n < r->len &&
	       eb_addr_read_hex(r->text + r->at + n, 1, 1, 1, &ignored) == 1)
		n++;
	return n;
}

static int read_hex(struct reader *r, int min, int max, uint64_t *value,
		    const char *reason)
{
	int n = eb_addr_read_hex(r->text + r->at, r->len - r->at, min, max, value);

	if (n < 0)
		return fail(r, r->at, reason);
	r->at += (size_t)n;
	return 0;
}

static int read_id(struct reader *r, struct eb_id *id)
{
	const char *reason = "an id is VVVV:DDDD, four hex digits each";
	uint64_t vendor, device;

	if (read_hex(r, 4, 4, &vendor, reason) < 0)
		return -EINVAL;
	if (!take(r, ':'))
		return fail(r, r->at, reason);
	if (read_hex(r, 4, 4, &device, reason) < 0)
		return -EINVAL;
	*id = (struct eb_id){(uint16_t)vendor, (uint16_t)device};
	return 0;
}

static int read_device(struct reader *r, uint8_t *device)
{
	size_t at = r->at;
	uint64_t value;

	if (read_hex(r, 2, 2, &value, "a device is two hex digits, 00 to 1f") < 0)
		return -EINVAL;
	if (value > 0x1f)
		return fail(r, at, "a device is two hex digits, 00 to 1f");
	*device = (uint8_t)value;
	return 0;
}

static int read_function(struct reader *r, uint8_t *function)
{
	if (r->at >= r->len || r->text[r->at] < '0' || r->text[r->at] > '7')
		return fail(r, r->at, "a function is one digit, 0 to 7");
	*function = (uint8_t)(r->text[r->at++] - '0');
	return 0;
}

/* The steps of a path, "/DD.F" each; the last may be "/DD". */
static int read_steps(struct reader *r, struct eb_selector *s)
{
	s->kind = EB_SELECT_PATH;
	while (take(r, '/')) {
		struct eb_step *step = &s->step[s->steps];

		if (s->step_whole)
			return fail(r, r->at - 1, "only the last step may leave out .F");
		if (s->steps == EB_MAX_STEPS)
			return fail(r, r->at - 1, "a path has at most 16 steps");
		if (read_device(r, &step->device) < 0)
			return -EINVAL;
		if (!take(r, '.') || take(r, '*'))
			s->step_whole = true;
		else if (read_function(r, &step->function) < 0)
			return -EINVAL;
		s->steps++;
	}
	return 0;
}

/* [DDDD:]BB:DD, [DDDD:]BB:DD.F, [DDDD:]BB:DD.*, or a path that begins with one. */
static int read_address(struct reader *r, struct eb_selector *s)
{
	const char *bus = "a bus is two hex digits";
	uint64_t value;

	if (digits_here(r) > 2) {
		if (read_hex(r, 4, 8, &value, "a domain is four to eight hex digits") < 0)
			return -EINVAL;
		s->addr.domain = (uint32_t)value;
		if (!take(r, ':'))
			return fail(r, r->at, "an address is [DDDD:]BB:DD[.F]");
	}
	if (read_hex(r, 2, 2, &value, bus) < 0)
		return -EINVAL;
	s->addr.bus = (uint8_t)value;
	if (!take(r, ':'))
		return fail(r, r->at, "an address is [DDDD:]BB:DD[.F]");
	if (read_device(r, &s->addr.device) < 0)
		return -EINVAL;
	s->kind = EB_SELECT_CARD;
	if (take(r, '.') && !take(r, '*')) {
		if (read_function(r, &s->addr.function) < 0)
			return -EINVAL;
		s->kind = EB_SELECT_FUNCTION;
	}
	if (r->at < r->len && r->text[r->at] == '/') {
		if (s->kind != EB_SELECT_FUNCTION)
			return fail(r, r->at,
				    "a path begins with its root port, BB:DD.F");
		return read_steps(r, s);
	}
	return 0;
}

static bool read_word(struct reader *r, struct eb_selector *s)
{
	size_t i, end = r->at;

	while (end < r->len && r->text[end] != '@')
		end++;
	for (i = 0; i < WORDS; i++) {
		if (strlen(words[i].word) != end - r->at ||
		    memcmp(words[i].word, r->text + r->at, end - r->at) != 0)
			continue;
		s->kind = words[i].kind;
		s->id.vendor = words[i].vendor;
		r->at = end;
		return true;
	}
	return false;
}

/* An id has four digits on both sides of its first colon, an address never has. */
static bool is_id(const struct reader *r)
{
	struct reader probe = *r;

	if (digits_here(&probe) != 4)
		return false;
	probe.at += 4;
	return take(&probe, ':') && digits_here(&probe) > 2;
}

/* Does it look like an address? "amdgpu" does not, though it begins with hex digits. */
static bool is_address(const struct reader *r)
{
	size_t at = r->at;

	while (at < r->len && r->text[at] != ':' && r->text[at] != '@')
		at++;
	return at < r->len && r->text[at] == ':' && digits_here(r) > 0;
}

static int read_selector(struct reader *r, struct eb_selector *s)
{
	bool pci = r->len - r->at >= 4 && memcmp(r->text + r->at, "pci:", 4) == 0;

	if (read_word(r, s))
		return 0;
	if (pci)
		r->at += 4;
	if (pci || is_id(r)) {
		s->kind = EB_SELECT_ID;
		if (read_id(r, &s->id) < 0)
			return -EINVAL;
		s->has_subsystem = take(r, ':');
		return s->has_subsystem ? read_id(r, &s->subsystem) : 0;
	}
	if (r->len - r->at > 2 && memcmp(r->text + r->at, "0x", 2) == 0)
		return fail(r, r->at, "write hex digits without 0x");
	if (!is_address(r))
		return fail(
			r, r->at,
			"not an address, an id, or one of none, nvidia, amd, intel, all, "
			"boot, secondary, in lower case");
	return read_address(r, s);
}

int eb_selector_parse(struct eb_slice text, struct eb_selector *out, size_t *offset,
		      const char **reason)
{
	struct reader r = {.text = text.at, .len = text.len};
	struct eb_selector s = {.text = text};
	int err = 0;

	if (text.len == 0)
		err = fail(
			&r, 0,
			"the item is empty: take out the comma, or the blank after it");
	else
		s.exclude = take(&r, '-');
	if (!err)
		err = read_selector(&r, &s);
	if (!err && s.kind == EB_SELECT_NONE && (s.exclude || r.at < r.len))
		err = fail(&r, 0, "none stands alone, without - and @");
	if (!err && take(&r, '@')) {
		s.has_guard = true;
		err = read_id(&r, &s.guard);
	}
	if (!err && r.at < r.len)
		err = fail(&r, r.at, "nothing may follow here");
	if (err) {
		*offset = r.at;
		*reason = r.reason;
		return err;
	}
	*out = s;
	return 0;
}

static void print_path(struct eb_text *text, const struct eb_selector *s)
{
	uint8_t i;

	for (i = 0; i < s->steps; i++) {
		eb_text_add(text, "/%02x", s->step[i].device);
		if (i + 1 < s->steps || !s->step_whole)
			eb_text_add(text, ".%x", s->step[i].function);
	}
}

const char *eb_selector_print(const struct eb_selector *s, char out[EB_SELECTOR_TEXT])
{
	struct eb_text text = eb_text_on(out, EB_SELECTOR_TEXT);
	size_t i;

	eb_text_add(&text, "%s", s->exclude ? "-" : "");
	switch (s->kind) {
	case EB_SELECT_CARD:
	case EB_SELECT_FUNCTION:
	case EB_SELECT_PATH:
		eb_text_add(&text, "%04x:%02x:%02x", s->addr.domain, s->addr.bus,
			    s->addr.device);
		if (s->kind != EB_SELECT_CARD)
			eb_text_add(&text, ".%x", s->addr.function);
		print_path(&text, s);
		break;
	case EB_SELECT_ID:
		eb_text_add(&text, "%04x:%04x", s->id.vendor, s->id.device);
		if (s->has_subsystem)
			eb_text_add(&text, ":%04x:%04x", s->subsystem.vendor,
				    s->subsystem.device);
		break;
	case EB_SELECT_NONE:
	case EB_SELECT_VENDOR:
	case EB_SELECT_ALL:
	case EB_SELECT_BOOT:
	case EB_SELECT_SECONDARY:
		for (i = 0; i < WORDS; i++)
			if (words[i].kind == s->kind && words[i].vendor == s->id.vendor)
				eb_text_add(&text, "%s", words[i].word);
		break;
	}
	if (s->has_guard)
		eb_text_add(&text, "@%04x:%04x", s->guard.vendor, s->guard.device);
	return out;
}
