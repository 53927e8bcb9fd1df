// Matrix products against plain loops.

#include <math.h>
#include <string.h>

#include "properties.h"

/// Some 8 fewer columns, rows and depths than tiles and blocks have, as many, and more.
static size_t extent(size_t most) {
    return random_chance(5) ? random_size(0, 2 * most) : random_size(1, most / 4);
}

static double exact_element(const picket_gemm *p, const float *b, size_t i, size_t j, double *size) {
    double sum = 0;
    *size = 1;
    for (size_t k = 0; k < p->depth; k++) {
        const double product = (double)p->a[i * p->a_row_stride + k] * (double)b[k * p->columns + j];
        sum += product;
        *size += fabs(product);
    }
    sum += p->column_bias ? (double)p->column_bias[j] : 0;
    sum += p->row_bias ? (double)p->row_bias[i] : 0;
    sum += p->residual ? (double)p->residual[i * p->residual_row_stride + j] : 0;
    return activated(sum, p->activation, p->alpha, p->beta);
}

/// The whole product, row by row in parts of the rows and of the columns' tiles.
static void multiply_parts(const picket_gemm *whole, float *c) {
    const size_t tile = kernels->gemm_column_tile;
    for (size_t row = 0, rows; row < whole->rows; row += rows) {
        rows = random_size(1, whole->rows - row);
        picket_gemm part = *whole;
        part.rows = rows;
        part.a += row * whole->a_row_stride;
        part.c = c + row * whole->c_row_stride;
        part.row_bias = whole->row_bias ? whole->row_bias + row : NULL;
        part.residual = whole->residual ? whole->residual + row * whole->residual_row_stride : NULL;
        const size_t tiles = (whole->columns + tile - 1) / tile;
        for (size_t first = 0, last; first < tiles; first = last) {
            last = first + random_size(1, tiles - first);
            part.column_begin = first * tile;
            part.column_end = last == tiles ? whole->columns : last * tile;
            kernels->gemm(&part, aligned_bytes(kernels->gemm_scratch_bytes(rows, whole->columns, whole->depth)));
        }
    }
}

static void check_product(void) {
    const size_t rows = extent(48), columns = extent(160), depth = random_chance(6) ? random_size(200, 600) : extent(96);
    picket_gemm product = {
        .rows = rows,
        .columns = columns,
        .depth = depth,
        .a_row_stride = depth + random_size(0, 3),
        .c_row_stride = columns + random_size(0, 3),
        .residual_row_stride = random_chance(4) ? 0 : columns + random_size(0, 3),
        .activation = random_activation(),
        .alpha = -0.4f,
        .beta = 0.7f,
        .column_end = columns,
    };
    const size_t in = rows == 0 ? 0 : (rows - 1) * product.a_row_stride + depth;
    const size_t out = rows == 0 ? 0 : (rows - 1) * product.c_row_stride + columns;
    float *a = guarded_random(in), *b = guarded_random(depth * columns), *c = guarded(out), *parts = guarded(out);
    product.a = a;
    product.c = c;
    product.column_bias = random_chance(2) ? guarded_random(columns) : NULL;
    product.row_bias = random_chance(3) ? guarded_random(rows) : NULL;
    product.residual = random_chance(2)
        ? guarded_random(rows == 0 ? 0 : (rows - 1) * product.residual_row_stride + columns)
        : NULL;
    float *packed = aligned_bytes(kernels->gemm_packed_bytes(depth, columns));
    if (random_chance(2)) {
        kernels->gemm_pack(depth, columns, b, columns, 1, packed);
    } else {
        float *transposed = guarded(depth * columns);
        for (size_t k = 0; k < depth; k++) {
            for (size_t j = 0; j < columns; j++) {
                transposed[j * depth + k] = b[k * columns + j];
            }
        }
        kernels->gemm_pack(depth, columns, transposed, 1, depth, packed);
    }
    product.packed_b = packed;
    kernels->gemm(&product, aligned_bytes(kernels->gemm_scratch_bytes(rows, columns, depth)));
    bool holds = true, beside = true;
    for (size_t at = 0; at < out; at++) {
        const size_t i = at / product.c_row_stride, j = at % product.c_row_stride;
        if (j >= columns) {
            beside = beside && is_untouched(c[at]);
            continue;
        }
        double size;
        const double exact = exact_element(&product, b, i, j, &size);
        holds = holds && is_close(c[at], exact, 2e-6 * size);
    }
    check(holds, "product of %zu × %zu × %zu, activation %d", rows, columns, depth, (int)product.activation);
    check(beside, "product of %zu × %zu × %zu wrote between rows", rows, columns, depth);
    multiply_parts(&product, parts);
    check(
        out == 0 || memcmp(c, parts, out * sizeof(float)) == 0, "other bits in parts of %zu × %zu × %zu", rows, columns,
        depth);
    release();
}

void check_gemm(void) {
    for (size_t round = 0; round < 700; round++) {
        check_product();
    }
}
