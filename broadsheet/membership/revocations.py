"""What a gate reads of membership, in plain SQL: revocations, institutions' networks, one rule. Standard library only.

The tables are those of `membership.models`; a house test holds the two together.
"""

REVOCATIONS_AFTER = "SELECT change, reader_id FROM membership_revocation WHERE change > ? ORDER BY change"
LAST_REVOCATION = "SELECT last FROM kit_counter WHERE name = 'revocations'"

# One row a network of an institution whose contract has a period; moments are compared by the gate at each request.
NETWORKS = """
    SELECT n.first_address, n.last_address, n.institution_id, i.starts_at, i.ends_at
    FROM membership_network n JOIN membership_institution i ON i.id = n.institution_id
"""
LAST_NETWORK = "SELECT last FROM kit_counter WHERE name = 'networks'"

# The house rule that lets visitors open metered stories, as `MeterRules.load` would find it: no row is no allowance.
ANONYMOUS_ALLOWANCE = "SELECT anonymous_allowance FROM membership_meterrules ORDER BY id LIMIT 1"
