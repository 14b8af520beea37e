INSERT INTO closed_report (partnership, project_year, closed, results, known)
SELECT $1, $2, $3, $4,
       greatest((SELECT max(greatest(began_seq, ended_seq)) FROM duo WHERE partnership = $1),
                (SELECT max(greatest(began_seq, ended_seq)) FROM wait WHERE partnership = $1), 0)
