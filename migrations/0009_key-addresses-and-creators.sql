ALTER TABLE `api_keys` ADD `last_used_ip` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `allowed_ips` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_by_type` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_by_id` text;--> statement-breakpoint
CREATE INDEX `api_keys_by_creator` ON `api_keys` (`created_by_id`);--> statement-breakpoint
UPDATE `api_keys` SET
  `created_by_type` = (SELECT `actor_type` FROM `key_events` WHERE `key_id` = `api_keys`.`id` AND `action` = 'created'
    AND `actor_type` IN ('clerk', 'api_key') AND `actor_id` IS NOT NULL ORDER BY `id` LIMIT 1),
  `created_by_id` = (SELECT `actor_id` FROM `key_events` WHERE `key_id` = `api_keys`.`id` AND `action` = 'created'
    AND `actor_type` IN ('clerk', 'api_key') AND `actor_id` IS NOT NULL ORDER BY `id` LIMIT 1);
