// Package undelete keeps HA ConfigMaps that were deleted, as they were last, and brings them back.
package undelete
