// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of the table that libkmod keeps modules in. */
#include <errno.h>

#include "klibc/hash.c" // NOLINT(bugprone-suspicious-include)

#include "unit.h"

static void keeps_one_value_a_key(void **state)
{
	struct hash *hash = hash_new(256, NULL);
	char key[] = "vfio";
	int a, b, c;

	(void)state;
	assert_non_null(hash);
	assert_null(hash_find(hash, "vfio"));
	assert_int_equal(hash_add(hash, key, &a), 0);
	assert_int_equal(hash_add(hash, "vfio_pci", &b), 0);
	assert_ptr_equal(hash_find(hash, "vfio"), &a);
	assert_ptr_equal(hash_find(hash, "vfio_pci"), &b);
	assert_null(hash_find(hash, "vfi"));
	assert_int_equal(hash_add(hash, "vfio", &c), 0);
	assert_ptr_equal(hash_find(hash, "vfio"), &c);
	/* The key is that of the value that is there. */
	key[0] = 'x';
	assert_ptr_equal(hash_find(hash, "vfio"), &c);
	hash_free(hash);
}

static void forgets_what_is_deleted(void **state)
{
	struct hash *hash = hash_new(1, NULL);
	int a, b, c;

	(void)state;
	assert_int_equal(hash_del(hash, "one"), -ENOENT);
	assert_int_equal(hash_add(hash, "one", &a), 0);
	assert_int_equal(hash_add(hash, "two", &b), 0);
	assert_int_equal(hash_add(hash, "three", &c), 0);
	assert_int_equal(hash_del(hash, "two"), 0);
	assert_int_equal(hash_del(hash, "two"), -ENOENT);
	assert_null(hash_find(hash, "two"));
	assert_ptr_equal(hash_find(hash, "one"), &a);
	assert_ptr_equal(hash_find(hash, "three"), &c);
	assert_int_equal(hash_del(hash, "one"), 0);
	assert_ptr_equal(hash_find(hash, "three"), &c);
	hash_free(hash);
	hash_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_one_value_a_key),
		cmocka_unit_test(forgets_what_is_deleted),
	};

	return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
