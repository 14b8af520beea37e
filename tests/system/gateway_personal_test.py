#!/usr/bin/python3
"""Personal data that comes with events: left with registry when its batch is taken, and nothing of it otherwise."""
import concurrent.futures
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from edge import Edge, event, referral  # noqa: E402
from waiting import eventually  # noqa: E402

WRONG_NUMBER = "93051822362"


def about(first_name, **data):
    return event(referral(personal={"first_name": first_name, "last_name": "Batch", **data}))


class Personal(Edge):
    def left(self):
        return int(self.stack.psql("SELECT count(*) FROM registry.deposit"))

    def setUp(self):
        eventually(lambda: self.left() == 0, what="what was taken is handled")

    def name_of(self, one):
        def person():
            return [d["person_id"] for _, d in self.stack.client.log("registry")
                    if d.get("referral_id") == one["data"]["referral_id"] and "person_id" in d]
        (found,) = eventually(person, what="the referral linked")
        return self.expect(200, self.send("GET", f"/v1/people/{found}")).json["first_name"]

    def refused(self, status, batch):
        before = len(self.log())
        answer = self.expect(status, self.publish(batch))
        self.assertEqual((self.left(), len(self.log())), (0, before))
        return answer

    def test_a_name_is_asked_for_in_a_body_and_never_in_an_address(self):
        person = self.expect(200, self.send("POST", "/v1/commands/register-person", {
            "partnership": "asse", "postcode": "1730", "preferred_language": "nl", "last_name": "Zwartgat"})).json["person_id"]
        asked = {"partnership": "asse", "name": "zwart", "limit": 5}
        found = self.expect(200, self.send("POST", "/v1/people", asked)).json["people"]
        self.assertEqual([one["person_id"] for one in found], [person])
        for path, body in (("GET", None), ("POST", asked)):
            answer = self.expect(422, self.send(path, "/v1/people?name=zwart", body))
            self.assertEqual(answer.places, {"/name"})
            self.assertIn("body" if body else "POST the fields", answer.json["errors"][0]["detail"])
        self.assertEqual(self.expect(422, self.send("POST", "/v1/people", {"limit": "5", "colour": "red"})).places, {"/limit", "/colour"})
        self.expect(415, self.send("POST", "/v1/people", "name=zwart", "application/x-www-form-urlencoded"))
        self.expect(400, self.send("POST", "/v1/people", "{"))
        self.expect(401, self.send("POST", "/v1/people", asked, token=None))
        for scope, partnership, status in (("people", "asse", 200), ("people", "middenkempen", 403), ("person", "asse", 403)):
            token = self.token(scope, partnerships=[partnership])["token"]
            self.expect(status, self.send("POST", "/v1/people", asked, token=token))

    def test_a_batch_with_a_conflict_leaves_nothing(self):
        known = event()
        self.expect(202, self.publish(known))
        self.refused(409, [about("Ada"), about("Bea"), {**known, "data": referral()}])
        twin = about("Cis")
        self.refused(409, [about("Ada"), twin, {**twin, "nis": "13011"}])

    def test_a_batch_with_personal_data_that_cannot_be_leaves_nothing_and_hears_every_fault(self):
        answer = self.refused(422, [about("Ada"), about("Bea", national_number=WRONG_NUMBER, phone="123456789"), event(), about("Cis", phone="123456789")])
        self.assertEqual(answer.places, {"/1/data/personal/national_number", "/1/data/personal/phone", "/3/data/personal/phone"})
        self.assertNotIn(WRONG_NUMBER, answer.body.decode())

    def test_other_personal_data_under_a_known_id_leaves_nothing(self):
        one = about("Ada")
        self.expect(202, self.publish(one))
        eventually(lambda: self.left() == 0, what="the referral handled")
        other = {**one, "data": {**one["data"], "personal": {"first_name": "Eva"}}}
        self.refused(409, [about("Bea"), other])
        self.refused(409, other)
        twin = about("Dries")
        self.refused(409, [twin, {**twin, "data": {**twin["data"], "personal": {"first_name": "Eva"}}}])

    def test_other_personal_data_is_refused_however_long_ago_the_first_came(self):
        one = about("Ada")
        self.expect(202, self.publish(one))
        eventually(lambda: self.left() == 0, what="the referral handled")
        self.stack.psql("UPDATE registry.deposit_told SET told = told - interval '400 days'")
        self.expect(202, self.publish(about("Bea")))
        eventually(lambda: self.left() == 0, what="the other referral handled")
        self.refused(409, {**one, "data": {**one["data"], "personal": {"first_name": "Eva"}}})

    def test_nothing_is_left_to_compare_with_of_who_is_erased(self):
        """Also where the data was taken for one person and the reference said another, and after a merge."""
        def erase(person):
            self.stack.client.command("registry", "koppel.registry.erase-person.v1", {"person_id": person})
        def linked(one):
            def persons():
                return [d["person_id"] for _, d in self.stack.client.log("registry")
                        if d.get("referral_id") == one["data"]["referral_id"] and "person_id" in d]
            return eventually(persons, what="the referral linked")[0]
        def hashes():
            return self.stack.psql("SELECT count(*) FROM registry.deposit_told WHERE digest <> ''")
        before = hashes()
        reference = {"external_person": str(uuid.uuid4())}
        one = event(referral(**reference, personal={"first_name": "Ada", "last_name": "Weg"}))
        same = event(referral(**reference, personal={"first_name": "Adah", "last_name": "Wegh"}))
        twin = about("Bea")
        for each in (one, same, twin):
            self.expect(202, self.publish(each))
            eventually(lambda: self.left() == 0, what="the referral handled")
        self.assertEqual(linked(one), linked(same))
        self.stack.client.command("registry", "koppel.registry.merge-people.v1",
                                  {"keep_id": linked(twin), "drop_id": linked(one)})
        self.assertEqual(int(hashes()), int(before) + 3)
        erase(linked(twin))
        self.assertEqual(hashes(), before)
        self.expect(202, self.publish({**one, "data": {**one["data"], "personal": {"first_name": "Eva"}}}))
        self.assertEqual((self.left(), hashes()), (0, before))

    def test_a_repetition_leaves_nothing_and_a_mixed_batch_only_what_is_new(self):
        one, two = about("Ada"), about("Bea")
        (first,) = self.expect(202, self.publish(one)).json
        eventually(lambda: self.left() == 0, what="the referral handled")
        (again,) = self.expect(202, self.publish(one)).json
        self.assertEqual((again, self.left()), ({**first, "duplicate": True}, 0))
        acks = self.expect(202, self.publish([one, two, two])).json
        self.assertEqual([ack["duplicate"] for ack in acks], [True, False, True])
        self.assertEqual((self.name_of(one), self.name_of(two)), ("Ada", "Bea"))
        eventually(lambda: self.left() == 0, what="nothing left over")

    def test_what_was_refused_is_taken_with_its_personal_data_once_it_is_put_right(self):
        good, bad = about("Ada"), about("Bea", national_number=WRONG_NUMBER)
        self.refused(422, [good, bad])
        right = {**bad, "data": {**bad["data"], "personal": {"first_name": "Bea"}}}
        self.expect(202, self.publish([good, right]))
        self.assertEqual((self.name_of(good), self.name_of(right)), ("Ada", "Bea"))

    def test_the_largest_batch(self):
        batch = [{**about(f"Nr{n}", street="Lange Straat " * 6), "id": f"{uuid.uuid4()}{'x' * 92}"} for n in range(256)]
        self.assertEqual(len(self.expect(202, self.publish(batch)).json), 256)
        self.assertEqual(self.name_of(batch[255]), "Nr255")
        eventually(lambda: self.left() == 0, what="all of them handled")
        clash = {**batch[255], "data": referral()}
        self.refused(409, [about("Ada", street="Lange Straat " * 6) for _ in range(255)] + [clash])

    def test_the_same_id_many_times_at_once_leaves_nothing_of_those_that_are_refused(self):
        """One of eight is taken with all it brought; the others may come at any moment of it."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for _ in range(5):
                id_ = str(uuid.uuid4())
                batches = [[about(f"Ada{n}"), {**event(), "id": id_}, about(f"Bea{n}")] for n in range(8)]
                answers = list(pool.map(self.publish, batches))
                self.assertEqual(sorted(answer.status for answer in answers), [202] + 7 * [409])
                (taken,) = [batch for batch, answer in zip(batches, answers) if answer.status == 202]
                self.assertEqual(self.name_of(taken[2])[:3], "Bea")
                eventually(lambda: self.left() == 0, what="nothing left of the refused")


if __name__ == "__main__":
    unittest.main()
