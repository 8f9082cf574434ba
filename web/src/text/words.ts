/** How counts, sizes, rates and times are worded for people: as on every page that embeds a job. */

export * from "@headway/client/words";
