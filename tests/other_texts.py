"""Texts that are no resume, written for these tests."""

INVOICE = """\
INVOICE
Tarn & Oakley Office Furniture
14 Mill Lane, Springfield
Invoice number: 20417
Date: March 3, 2024
Bill to: Meridian Dental Group, 88 Harbor Street
Quantity   Item                      Unit price   Amount
4          Desk chair, grey          129.00       516.00
2          Standing desk, 160 cm     389.00       778.00
1          Delivery                  45.00        45.00
Subtotal: 1,339.00
Sales tax (6.25%): 83.69
Total due: 1,422.69
Payment within 30 days. Please quote the invoice number.
Bank: First Spring Bank, account 000123456
Thank you for your order.
"""

RECIPE = """\
Potato and leek soup
Serves four, ready in forty minutes
You need
3 leeks, washed and sliced
4 floury potatoes, peeled
1 onion
50 g of butter
1 litre of vegetable stock
150 ml of cream, salt, pepper, nutmeg
How it is made
Melt the butter in a large pot. Soften the onion and the leeks for ten minutes.
Add the potatoes and the stock and let it simmer until the potatoes fall apart.
Blend until smooth, stir in the cream, and season with salt, pepper and nutmeg.
Serve hot with chives and toasted bread.
"""

SOURCE_CODE = """\
#include <stdio.h>
#include <stdlib.h>
static int compare(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}
int main(int argc, char **argv) {
    int n = argc - 1;
    int *values = malloc(sizeof(int) * (size_t)n);
    for (int i = 0; i < n; i++) values[i] = atoi(argv[i + 1]);
    qsort(values, (size_t)n, sizeof(int), compare);
    for (int i = 0; i < n; i++) printf("%d\\n", values[i]);
    free(values);
    return 0;
}
"""

LOREM_IPSUM = """\
Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut
labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco
laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in
voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat
non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.
"""
