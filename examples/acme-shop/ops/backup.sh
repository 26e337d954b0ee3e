#!/bin/sh
set -eu
pg_dump --format=custom "$DATABASE_URL" > "/var/backups/shop-$(date +%F).dump"
