"""Event backbones, one file each. Every one passes the contract suite of the EventBroker port."""
