#!/bin/sh
# The real peers of the tests: PostgreSQL, MariaDB, Firebird and the ODBC drivers, from the distribution.
# Installs what is missing where it may; otherwise says what to install.
set -eu
missing=""
need() { # need FILE-GLOB PACKAGE
    for file in $1; do [ -e "$file" ] && return 0; done
    missing="$missing $2"
}
odbc=/usr/lib/*/odbc
need "/usr/lib/*/libodbc.so.2" unixodbc
need "$odbc/psqlodbcw.so" odbc-postgresql
need "$odbc/libmaodbc.so" odbc-mariadb
need "$odbc/libsqlite3odbc.so" libsqliteodbc
need "$odbc/libtdsodbc.so" tdsodbc
need "/usr/lib/postgresql/*/bin/initdb" postgresql
need "/usr/sbin/mariadbd" mariadb-server
need "/usr/sbin/firebird" firebird3.0-server
need "/usr/bin/isql-fb" firebird3.0-utils
need "/usr/lib/*/libfbclient.so.2" libfbclient2
need "/usr/share/java/h2.jar" libh2-java
need "/usr/lib/jvm/*/lib/server/libjvm.so" default-jre-headless
# Apache Derby behind IBM's Db2 client, as the stand-in of Db2 and IBM i
need "/usr/share/java/derbynet.jar" libderby-java
need "/usr/bin/javac" default-jdk-headless
need "/usr/bin/gcc" gcc
need "/usr/include/dlfcn.h" libc6-dev
need "/usr/bin/mdb-json" mdbtools
# the dashboard in a browser
need "/usr/bin/chromium" chromium
need "/usr/bin/chromedriver" chromium-driver
[ -z "$missing" ] && exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "The tests need these system packages:$missing" >&2
    echo "Run as an administrator: apt-get install$missing" >&2
    exit 1
fi
