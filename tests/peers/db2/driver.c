/* IBM's CLI driver counts lengths in 4 bytes (SQLLEN), 64-bit unixODBC in 8. This driver stands in
 * front of it and widens what it returns. It also declares text parameters as VARCHAR: sent as
 * GRAPHIC, Derby does not understand them. Everything else goes through to libdb2. */
#define _GNU_SOURCE
#include <dlfcn.h>

typedef short Result;
typedef void *Handle;
typedef long Length;
typedef unsigned short Word;
typedef short Short;

static void *client;

__attribute__((constructor)) static void load(void) {
    client = dlopen("libdb2.so.1", RTLD_NOW | RTLD_NOLOAD);
    if (!client) client = dlopen("libdb2.so", RTLD_NOW);
}

#define CALL(name) ((__typeof__(&name))dlsym(client, #name))
#define WIDEN(length) \
    if (length) *(length) = (Length) * (int *)(length)

Result SQLGetData(Handle s, Word column, Short type, Handle value, Length size, Length *length) {
    Result result = CALL(SQLGetData)(s, column, type, value, size, length);
    WIDEN(length);
    return result;
}

Result SQLRowCount(Handle s, Length *count) {
    Result result = CALL(SQLRowCount)(s, count);
    WIDEN(count);
    return result;
}

Result SQLDescribeCol(Handle s, Word column, Handle name, Short size, Short *used, Short *type,
                      Length *precision, Short *digits, Word *nullable) {
    if (precision) *precision = 0;
    Result result = CALL(SQLDescribeCol)(s, column, name, size, used, type, precision, digits, nullable);
    WIDEN(precision);
    return result;
}

Result SQLDescribeColW(Handle s, Word column, Handle name, Short size, Short *used, Short *type,
                       Length *precision, Short *digits, Word *nullable) {
    if (precision) *precision = 0;
    Result result = CALL(SQLDescribeColW)(s, column, name, size, used, type, precision, digits, nullable);
    WIDEN(precision);
    return result;
}

Result SQLDescribeParam(Handle s, Word place, Short *type, Length *size, Short *digits, Word *nullable) {
    Result result = CALL(SQLDescribeParam)(s, place, type, size, digits, nullable);
    WIDEN(size);
    return result;
}

Result SQLColAttribute(Handle s, Word column, Word field, Handle text, Short size, Short *used,
                       Length *number) {
    Result result = CALL(SQLColAttribute)(s, column, field, text, size, used, number);
    WIDEN(number);
    return result;
}

Result SQLColAttributeW(Handle s, Word column, Word field, Handle text, Short size, Short *used,
                        Length *number) {
    Result result = CALL(SQLColAttributeW)(s, column, field, text, size, used, number);
    WIDEN(number);
    return result;
}

Result SQLBindParameter(Handle s, Word place, Short way, Short c_type, Short sql_type, Length size,
                        Short digits, Handle value, Length room, Length *length) {
    if (sql_type <= -8 && sql_type >= -10) sql_type = 12; /* SQL_W...CHAR: SQL_VARCHAR */
    return CALL(SQLBindParameter)(s, place, way, c_type, sql_type, size, digits, value, room, length);
}
