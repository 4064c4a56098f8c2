"""The press room: releases written from the figures of an edition."""
