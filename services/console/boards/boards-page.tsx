// The boards that whoever is signed in may see: the same as in Grafana, from the same definitions.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BOARDS } from "../../../dashboards/boards.ts";
import { boardAccess } from "../../api/board-access.ts";
import { sessionQuery } from "../api/queries.ts";
import { useSpeech } from "../messages/language.tsx";
import { FiguresNav } from "../shell/sub-nav.tsx";
import { useTitle } from "../shell/use-title.ts";

export function BoardsPage() {
  const { messages, language } = useSpeech();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: Number.POSITIVE_INFINITY });
  const texts = messages.boards;
  useTitle(texts.title);
  const seen = BOARDS.filter(({ id }) => session?.capabilities.includes(boardAccess(id)));
  return (
    <div className="page">
      <FiguresNav />
      <h1>{texts.title}</h1>
      <p className="prose">{texts.intro}</p>
      <ul className="board-list">
        {seen.map(({ id, title, description }) => (
          <li key={id}>
            <h2>
              <Link to="/tafeln/$board" params={{ board: id }}>
                {title[language]}
              </Link>
            </h2>
            <p className="muted">{description[language]}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
