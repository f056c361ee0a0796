CREATE TABLE `file_makers` (
	`workspace_id` text NOT NULL,
	`thing` text NOT NULL,
	`member_id` text NOT NULL,
	PRIMARY KEY(`workspace_id`, `thing`)
);
--> statement-breakpoint
CREATE TABLE `workspace_members` (
	`workspace_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`joined_at` integer NOT NULL,
	`ended_at` integer,
	`said_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `user_id`),
	FOREIGN KEY (`workspace_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `workspace_members_by_user` ON `workspace_members` (`user_id`);--> statement-breakpoint
ALTER TABLE `api_keys` ADD `member_id` text REFERENCES users(id);--> statement-breakpoint
CREATE INDEX `api_keys_by_member` ON `api_keys` (`member_id`);--> statement-breakpoint
ALTER TABLE `users` ADD `name` text;--> statement-breakpoint
ALTER TABLE `users` ADD `suspended_until` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `suspension_said_at` integer;--> statement-breakpoint
ALTER TABLE `videos` ADD `made_by` text;