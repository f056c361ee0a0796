UPDATE `api_keys` SET `scopes` = '* keys:write' WHERE `scopes` = '*';
