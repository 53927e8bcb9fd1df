#include <png.h>
#include <string.h>

/* The simplified API's image, ready for use: its version and options are macros that Swift does not see. */
static inline png_image picket_png_image(void) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    return image;
}

/* Formats are macros with casts, which do not import. */
static const png_uint_32 picket_png_gray = PNG_FORMAT_GRAY;
static const png_uint_32 picket_png_rgb = PNG_FORMAT_RGB;
