/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions make one card. */
#ifndef EARLYBIND_CARD_H
#define EARLYBIND_CARD_H

#include <earlybind/pci.h>
#include <earlybind/text.h>

/* Set the card of every function of PCI, and the next function of that card.
 *
 * A card is a slot: all functions of one domain, bus and device. One whose functions
 * sit behind a switch on the card itself is one card, too: a switch counts as
 * the card's own when its upstream port has the display controller's vendor and hangs
 * below a port itself, all that the upstream port has below it are ports, and the
 * functions below those, which all have that vendor too, sit in the display
 * controller's slot or are multimedia (class 0x04). (AMD's 1002:1478 and 1479, Intel's
 * 8086:4fa0, 4fa1 and 4fa4 with the sound on another bus; not a mainboard's PLX switch,
 * nor a Thunderbolt enclosure's, which has a USB controller below it.) The upstream
 * port then is the card's first function. */
void eb_card_group(struct eb_pci *pci);

/* Is function A part of the same card as B? */
bool eb_card_same(const struct eb_pci *pci, unsigned int a, unsigned int b);

/* Has the card of FUNCTION a display controller? */
bool eb_card_has_display(const struct eb_pci *pci, unsigned int function);

/* The first display controller of FUNCTION's card, or EB_NO_FUNCTION. */
int eb_card_display(const struct eb_pci *pci, unsigned int function);

/* Add to TEXT "the display cards are 0000:05:00.0 (10de:1187), ...", or that there is
 * none. */
void eb_card_list(struct eb_text *text, const struct eb_pci *pci);

#endif
