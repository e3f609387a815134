/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small fuzzer for every test run: mutates its seed files (or, without any, random bytes) in the same way each time.
 *
 *     fuzz_NAME ROUNDS [FILE…]
 *
 * With ROUNDS 0 it runs the files as they are, which is how a crash that libFuzzer has found is looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define INPUT_BYTES_MAX (1 << 16)
#define RANDOM_BYTES_MAX 400

static uint64_t state = 0x853c49e6748fea9b;

static uint64_t random_below(uint64_t end)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return end ? state % end : 0;
}

/* Values at which readers break: ends of ranges, and their neighbours. */
static uint64_t odd_number(void)
{
	static const unsigned int shifts[] = { 0, 3, 7, 8, 12, 15, 16, 20, 23, 24, 31, 32, 47, 48, 63 };

	return (1ULL << shifts[random_below(sizeof(shifts) / sizeof(*shifts))]) + random_below(5) - 2;
}

/* One change. Gives the new size. */
static size_t mutate(uint8_t *input, size_t size_bytes)
{
	size_t at = random_below(size_bytes), width = (size_t)1 << random_below(4), from;
	uint64_t value;

	if (!size_bytes)
		return 0;
	switch (random_below(6)) {
	case 0:
		input[at] ^= (uint8_t)(1u << random_below(8));
		break;
	case 1:
		input[at] = (uint8_t)random_below(256);
		break;
	case 2:
	case 3:
		value = odd_number();
		at &= ~(width - 1);
		memcpy(input + at, &value, at + width <= size_bytes ? width : size_bytes - at);
		break;
	case 4: /* a pointer goes where another one did */
		from = random_below(size_bytes);
		width = width < size_bytes - at ? width : size_bytes - at;
		width = width < size_bytes - from ? width : size_bytes - from;
		memmove(input + at, input + from, width);
		break;
	default:
		if (random_below(20) == 0)
			return at;
	}
	return size_bytes;
}

static size_t load(const char *path, uint8_t *input)
{
	FILE *file = fopen(path, "rb");
	size_t size_bytes = file ? fread(input, 1, INPUT_BYTES_MAX, file) : 0;

	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	fclose(file);
	return size_bytes;
}

static size_t make_random(uint8_t *input)
{
	size_t size_bytes = random_below(RANDOM_BYTES_MAX);

	for (size_t i = 0; i < size_bytes; i++)
		input[i] = (uint8_t)random_below(256);
	return size_bytes;
}

/* The input as an allocation of its own size: one byte too far is found. */
static void run(const uint8_t *input, size_t size_bytes)
{
	uint8_t *copy = malloc(size_bytes ? size_bytes : 1);

	if (!copy)
		exit(EXIT_FAILURE);
	memcpy(copy, input, size_bytes);
	LLVMFuzzerTestOneInput(copy, size_bytes);
	free(copy);
}

int main(int argc, char **argv)
{
	static uint8_t input[INPUT_BYTES_MAX];
	long rounds = argc > 1 ? atol(argv[1]) : 1000;

	for (int i = 2; i < argc; i++)
		run(input, load(argv[i], input));
	for (long round = 0; round < rounds; round++) {
		size_t size_bytes = argc > 2 ? load(argv[2 + round % (argc - 2)], input) : make_random(input);

		for (uint64_t changes = 1 + random_below(8); changes; changes--)
			size_bytes = mutate(input, size_bytes);
		run(input, size_bytes);
	}
	printf("%ld inputs\n", rounds);
	return EXIT_SUCCESS;
}
