CREATE TABLE `playback_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`kid` text NOT NULL,
	`public_jwk` text NOT NULL,
	`reference` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `playback_keys_by_kid` ON `playback_keys` (`user_id`,`kid`);--> statement-breakpoint
CREATE UNIQUE INDEX `playback_keys_by_reference` ON `playback_keys` (`user_id`,`reference`);--> statement-breakpoint
CREATE TABLE `playback_revocations` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`begun_before` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `playback_revocations_by_time` ON `playback_revocations` (`created_at`);--> statement-breakpoint
CREATE INDEX `playback_revocations_by_expiry` ON `playback_revocations` (`expires_at`);--> statement-breakpoint
CREATE TABLE `playback_uses` (
	`key_id` text NOT NULL,
	`jti` text NOT NULL,
	`count` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`key_id`, `jti`)
);
--> statement-breakpoint
CREATE INDEX `playback_uses_by_expiry` ON `playback_uses` (`expires_at`);