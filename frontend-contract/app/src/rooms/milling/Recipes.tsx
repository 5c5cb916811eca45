/** Bills of materials: what goes into each thing that the mill makes, and what else comes out; writing one, and changing it. */
import { useQuery } from "@daftari/client/react";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";

import { BillOfMaterialsUpdatedDocument, BillsOfMaterialsDocument, ItemsDocument } from "@/graphql/milling";
import { Badge, Button, Card, inPercent, Page, Segments } from "@/kit";
import { usePerson } from "@/session/person";

import { isPositive } from "../decimals";
import { LongCards } from "../LongTable";
import { Sums } from "../Sums";
import { useGrowing } from "../useGrowing";
import type { Recipe } from "./recipe";
import { RecipeForm } from "./RecipeForm";
import { useMill } from "./useMill";
import { quantity } from "./words";

type Line = Recipe["lines"][number];

export function Screen(): ReactNode {
  const [writing, setWriting] = useState<Recipe | "NEW" | null>(null);
  const [active, setActive] = useState(true);
  const mayWrite = usePerson().permissions.includes("MILL_MANAGE");
  const currency = useMill().data?.millDashboard.currency ?? "KES";
  return (
    <Page
      title="Bills of materials"
      note="What is planned keeps the lines that it was planned with, whatever changes here."
      actions={
        mayWrite && (
          <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setWriting("NEW")}>
            New bill of materials
          </Button>
        )
      }
    >
      <Segments
        label="Which bills of materials"
        value={active ? "USED" : "OVER"}
        onChange={(which) => setActive(which === "USED")}
        options={[
          ["USED", "In use"],
          ["OVER", "No longer used"],
        ]}
      />
      <RecipeCards key={String(active)} active={active} onChange={mayWrite ? setWriting : undefined} />
      {writing && (
        <RecipeForm
          recipe={writing === "NEW" ? undefined : writing}
          currency={currency}
          onClose={() => setWriting(null)}
        />
      )}
    </Page>
  );
}

interface RecipeCardsProps {
  readonly active: boolean;
  /** Who may not change them sees no button for it. */
  readonly onChange: ((recipe: Recipe) => void) | undefined;
}

function RecipeCards({ active, onChange }: RecipeCardsProps): ReactNode {
  const pages = useGrowing();
  const recipes = useQuery(
    BillsOfMaterialsDocument,
    { active, first: pages.first },
    { live: [{ document: BillOfMaterialsUpdatedDocument }], keepPrevious: true },
  );
  const items = useQuery(ItemsDocument, { first: 100 }).data?.items.nodes ?? [];
  const nameOf = ({ itemId }: Line): string => items.find(({ id }) => id === itemId)?.name ?? "–";
  return (
    <LongCards
      query={recipes}
      list={({ billsOfMaterials }) => billsOfMaterials}
      pages={pages}
      what="bills of materials"
      empty={active ? "Nothing is written down yet." : "All of them are in use."}
      card={(recipe) => (
        <RecipeCard key={recipe.id} recipe={recipe} nameOf={nameOf} onChange={onChange && (() => onChange(recipe))} />
      )}
    />
  );
}

interface RecipeCardProps {
  readonly recipe: Recipe;
  readonly nameOf: (line: Line) => string;
  readonly onChange: (() => void) | undefined;
}

function RecipeCard({ recipe, nameOf, onChange }: RecipeCardProps): ReactNode {
  const { code, name, item, outputQuantity, overhead, lines, note, active } = recipe;
  const inputs = lines.filter(({ role }) => role === "INPUT");
  const byProducts = lines.filter(({ role }) => role === "BY_PRODUCT");
  return (
    <Card
      title={name}
      note={code}
      actions={
        <>
          {!active && <Badge>No longer used</Badge>}
          {onChange && (
            <Button size="small" onClick={onChange}>
              Change<span className="unseen"> {name}</span>
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <p>
          For {quantity(outputQuantity, item?.baseUnit ?? "kg")} of {item?.name ?? name}
          {isPositive(overhead.amount) && ` and ${overhead.formatted} of labour, power and wear`}:
        </p>
        <section className="stack-tight">
          <h3>Goes in</h3>
          <Sums sums={inputs.map((line) => [nameOf(line), quantity(line.quantity, line.unit)] as const)} />
        </section>
        {byProducts.length > 0 && (
          <section className="stack-tight">
            <h3>Comes out besides</h3>
            <Sums
              sums={byProducts.map(
                (line) =>
                  [
                    <>
                      {nameOf(line)} <span className="small">{carries(line)}</span>
                    </>,
                    quantity(line.quantity, line.unit),
                  ] as const,
              )}
            />
          </section>
        )}
        {note !== "" && <p className="muted small">{note}</p>}
      </div>
    </Card>
  );
}

/** What a by-product takes of the cost. */
function carries({ costPerUnit, sharePercent }: Line): string {
  if (costPerUnit) return `at ${costPerUnit.formatted} each`;
  return sharePercent && Number(sharePercent) > 0 ? `with ${inPercent(sharePercent)} of the cost` : "at no cost";
}
