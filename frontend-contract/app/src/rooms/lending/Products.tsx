/** What the house lends: every product with its limits, making one, changing it, and lending it no more. */
import { useQuery } from "@daftari/client/react";
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";

import {
  LoanProductChangedDocument,
  LoanProductsDocument,
  RestoreLoanProductDocument,
  RetireLoanProductDocument,
} from "@/graphql/lending";
import { Button, Card, type Column, humanise, inPercent, Money, Page, Segments, toast } from "@/kit";

import { useFocusWhenRowsLeave } from "../focus";
import { ActDialog, useAct } from "../forms";
import { LongTable } from "../LongTable";
import rooms from "../rooms.module.css";
import { useGrowing } from "../useGrowing";
import type { Product } from "./product";
import { ChangeProduct, NewProduct } from "./ProductForms";
import { PERIOD } from "./words";

interface Doing {
  readonly product: Product;
  readonly what: "CHANGE" | "END";
}

export function Screen(): ReactNode {
  const [active, setActive] = useState(true);
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Loan products"
      note="Loans that there are keep the terms that they were made with, whatever changes here."
      actions={
        <Button look="primary" icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
          New product
        </Button>
      }
    >
      <Segments
        label="Which products"
        value={active ? "LENT" : "RETIRED"}
        onChange={(which) => setActive(which === "LENT")}
        options={[
          ["LENT", "Lent now"],
          ["RETIRED", "No longer lent"],
        ]}
      />
      <ProductList key={String(active)} active={active} />
      {adding && <NewProduct onClose={() => setAdding(false)} />}
    </Page>
  );
}

function ProductList({ active }: { readonly active: boolean }): ReactNode {
  const [doing, setDoing] = useState<Doing | null>(null);
  const pages = useGrowing();
  const products = useQuery(
    LoanProductsDocument,
    { active, first: pages.first },
    { live: [{ document: LoanProductChangedDocument }], keepPrevious: true },
  );
  const focus = useFocusWhenRowsLeave(products.data);
  const close = (): void => setDoing(null);
  return (
    <div {...focus}>
      <Card flush>
        <LongTable
          query={products}
          list={({ loanProducts }) => loanProducts}
          pages={pages}
          what="products"
          caption="Loan products"
          rowKey={({ id }) => id}
          empty={active ? "Nothing is lent yet." : "All of them are lent."}
          columns={columnsFor(setDoing)}
        />
      </Card>
      {doing?.what === "CHANGE" && <ChangeProduct product={doing.product} onClose={close} />}
      {doing?.what === "END" && <EndOrRestore product={doing.product} onClose={close} />}
    </div>
  );
}

function columnsFor(doIt: (doing: Doing) => void): Column<Product>[] {
  return [
    {
      title: "Product",
      heading: true,
      cell: ({ code, name }) => (
        <span className={rooms.what}>
          {name}
          <span className="muted small">{code}</span>
        </span>
      ),
    },
    {
      title: "Amount",
      cell: ({ minPrincipal, maxPrincipal }) => (
        <>
          <Money money={minPrincipal} /> to <Money money={maxPrincipal} />
        </>
      ),
    },
    {
      title: "Instalments",
      cell: ({ minInstalments, maxInstalments, usualTerms: { unit } }) =>
        `${minInstalments} to ${maxInstalments}, in ${PERIOD[unit]}`,
    },
    {
      title: "Interest",
      cell: ({ usualTerms: { annualRate, interestMethod } }) =>
        `${inPercent(annualRate)} a year, ${humanise(interestMethod).toLowerCase()}`,
    },
    {
      title: "Acts",
      quiet: true,
      cell: (product) => (
        <span className={rooms.acts}>
          {product.active && (
            <Button size="small" onClick={() => doIt({ product, what: "CHANGE" })}>
              Change<span className="unseen"> {product.name}</span>
            </Button>
          )}
          <Button size="small" onClick={() => doIt({ product, what: "END" })}>
            {product.active ? "Lend no more" : "Lend again"}
            <span className="unseen">: {product.name}</span>
          </Button>
        </span>
      ),
    },
  ];
}

function EndOrRestore({ product, onClose }: { readonly product: Product; readonly onClose: () => void }): ReactNode {
  const { id: productId, name, active } = product;
  const done = (): void => {
    toast({ tone: "good", title: active ? `${name} is lent no more` : `${name} is lent again` });
    onClose();
  };
  const retire = useAct(RetireLoanProductDocument, done);
  const restore = useAct(RestoreLoanProductDocument, done);
  const act = active ? retire : restore;
  return (
    <ActDialog
      title={active ? `Lend ${name} no more?` : `Lend ${name} again?`}
      submit={active ? "Lend it no more" : "Lend it again"}
      danger={active}
      act={act}
      onClose={onClose}
      onSubmit={() => act.run({ input: { productId } })}
    >
      <p>
        {active
          ? "Nobody can apply for it any more. Loans that there are go on."
          : "Everybody can apply for it at once."}
      </p>
    </ActDialog>
  );
}
