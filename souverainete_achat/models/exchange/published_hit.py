from odoo import api, fields, models
from odoo.exceptions import UserError

# What is copied of the contract, as it was published on that day.
_COPIED = (
    *("reference", "title", "cpv_code", "buyer_siren", "buyer_name", "holder_siren"),
    *("amount", "date_start", "date_end", "source", "date_published"),
)


class PublishedHit(models.Model):
    """A published contract that a search found, as it was published on that day; kept
    by a buyer, it is evidence of the study."""

    _name = "souverainete.published.hit"
    _inherit = ["souverainete.guarded"]
    _description = "Published contract found for a need"
    _order = "trace_id desc, rank"
    _rec_name = "title"
    _guard = "server"

    trace_id = fields.Many2one(
        "souverainete.published.search",
        string="Search",
        required=True,
        index=True,
        ondelete="restrict",
    )
    requisition_id = fields.Many2one(
        related="trace_id.requisition_id", store=True, index=True, string="Need"
    )
    company_id = fields.Many2one(
        related="trace_id.company_id", store=True, index=True, string="Ministry"
    )
    contract_id = fields.Many2one(
        "souverainete.published.contract", ondelete="set null"
    )
    rank = fields.Integer(help="1 is the nearest to the need.")
    why = fields.Char(help="Words of the need that its object says.")
    reference = fields.Char(string="Contract number")
    title = fields.Char(string="Object")
    cpv_code = fields.Char(string="CPV code")
    buyer_siren = fields.Char(string="Buyer's SIREN")
    buyer_name = fields.Char(string="Buyer")
    holder_siren = fields.Char(string="Holder's SIREN")
    holder_name = fields.Char(string="Holders")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    amount = fields.Monetary(
        string="Amount (excl. tax)", help="In € HT, as amended. Empty: unknown."
    )
    date_start = fields.Date(string="Notified on")
    date_end = fields.Date(string="Until")
    date_published = fields.Date(string="Published on")
    source = fields.Char()
    kept = fields.Boolean(help="Kept as evidence of the study.")
    kept_by_id = fields.Many2one("res.users", string="Kept by")
    kept_on = fields.Datetime()

    # === WHAT IS FOUND === #

    @api.model
    def _make(self, search, contracts, found):
        """Record what `search` found: `[(id of the contract, [words])]`, best first."""
        why = dict(found)
        hits = contracts.browse(why)
        partners = self._find_partners(search, hits)
        self.sudo()._create_server(
            [
                self._prepare(search, contract, partners, rank, why[contract.id])
                for rank, contract in enumerate(hits, start=1)
            ]
        )

    @api.model
    def _find_partners(self, search, contracts):
        """{identifier: partner} of the buyers and holders known here: publications
        often give a number alone."""
        numbers = [holder for c in contracts for holder in c.holders or ()]
        numbers += [["SIRET", c.buyer_siret, ""] for c in contracts if c.buyer_siret]
        return self.env["souverainete.holder"]._find(search.company_id, numbers)

    @api.model
    def _prepare(self, search, contract, partners, rank, why):
        buyer = partners.get(contract.buyer_siret)
        said = {name: contract[name] for name in _COPIED}
        return said | {
            "trace_id": search.id,
            "contract_id": contract.id,
            "rank": rank,
            "why": ", ".join(dict.fromkeys(why)),
            "buyer_name": contract.buyer_name or buyer and buyer.sudo().name,
            "holder_name": ", ".join(
                self._get_holder_name(holder, partners)
                for holder in contract.holders or ()
            ),
        }

    @api.model
    def _get_holder_name(self, holder, partners):
        kind, number, name = holder
        partner = partners.get(number)
        known = name or (partner and partner.sudo().name)
        shown = number[:9] if kind == "SIRET" else number
        if not known:
            return self.env._("SIREN %(number)s", number=shown)
        return f"{known} ({shown})"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self.trace_id._unlink_never()

    # === WHAT IS KEPT === #

    def action_keep(self):
        """Keep these contracts as evidence of the study of their need, for good."""
        self.check_access("read")
        for need, hits in (
            self.filtered(lambda hit: not hit.kept).grouped("requisition_id").items()
        ):
            need.check_access("write")
            hits._keep(need)

    def _keep(self, need):
        kept = {"kept": True, "kept_by_id": self.env.uid}
        self.sudo()._write_server({**kept, "kept_on": fields.Datetime.now()})
        need._journal(
            "published",
            {"kept": [hit._prepare_kept() for hit in self]},
            summary=self.env._("Published contracts kept: %(count)s.", count=len(self)),
        )

    def _prepare_kept(self):
        names = ("reference", "title", "buyer_siren", "holder_siren", "amount")
        days = ("date_start", "date_end", "date_published")
        said = {name: self[name] or "" for name in (*names, "source")}
        return {"trace_id": self.trace_id.id, "rank": self.rank, **said} | {
            name: fields.Date.to_string(self[name]) or "" for name in days
        }

    def action_open_contract(self):
        """Open the contract as it is published today."""
        self.check_access("read")
        self.ensure_one()
        if not self.contract_id:
            raise UserError(self.env._("This contract is no longer published."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.contract_id._name,
            "res_id": self.contract_id.id,
            "view_mode": "form",
            "target": "new",
        }
