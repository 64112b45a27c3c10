/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small machines that differ in what the rules of choosing and planning look at. */
#ifndef EB_TESTS_MACHINES_H
#define EB_TESTS_MACHINES_H

#include "machine-builder.h"

/* A desktop: Intel graphics with the console, and two equal NVIDIA cards of four
 * functions each, at 01:00 and 02:00, each in a group of its own. */
extern const struct part desk[];

/* An AMD card of four functions at 03:00, behind a switch on the card, with the console;
 * and an NVIDIA card at 04:00. */
extern const struct part radeon[];

/* An Intel Arc card: the GPU at 03:00 and its audio at 04:00, behind a switch on the
 * card; the console is on the processor's own graphics. */
extern const struct part arc[];

/* Two NVIDIA cards, at 07:00 and 08:00, behind a mainboard's PLX switch; the console's
 * card is not known. */
extern const struct part plx[];

/* A laptop: the processor's graphics, an NVIDIA 3D controller alone at 01:00, and a
 * Thunderbolt enclosure with an AMD card of its own switch at 0c:00. */
extern const struct part laptop[];

/* Two AMD display controllers in slots of their own below one AMD switch. */
extern const struct part duo[];

#endif
