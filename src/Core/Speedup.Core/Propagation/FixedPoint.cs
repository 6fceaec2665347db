using Speedup.Abstractions;

namespace Speedup.Core.Propagation;

/// <summary>
/// Iterates the infer functions of all operators, forward and backward, until no fact is added: sparse conditional constant
/// propagation and dead-code elimination (Wegman and Zadeck 1991) on the indices of axes. Facts are only ever added, and there
/// are finitely many, so it ends.
/// </summary>
internal static class FixedPoint
{
    /// <summary>Runs to the fixed point.</summary>
    /// <returns>Number of rounds, the last of which changed nothing.</returns>
    /// <param name="graph">The operators.</param>
    /// <param name="maxRounds">Largest number of rounds.</param>
    /// <param name="cancellation">Cancels between rounds.</param>
    /// <param name="withoutFacts">Ids of nodes of which nothing is inferred at all; null for none.</param>
    /// <exception cref="SpeedupException">A handler is still adding facts after <paramref name="maxRounds"/> rounds.</exception>
    public static int Run(OperatorGraph graph, int maxRounds, CancellationToken cancellation, IReadOnlySet<int>? withoutFacts = null)
    {
        GraphOperator[] handled = [.. graph.Operators.Where(op => op.Handler is not null && withoutFacts?.Contains(op.Node.Id) != true)];
        foreach (GraphOperator op in handled)
            HandlerCall.Run(op, nameof(IOperatorHandler.InferFromWeight), () => op.Handler!.InferFromWeight(op));
        FixedFacts.Infer(graph, withoutFacts);
        var forward = new Pass(handled, _ => { }, op => Infer(op, nameof(IOperatorHandler.InferFromInput), op.Handler!.InferFromInput));
        var backward = new Pass(
            [.. handled.Reverse()],
            graph.MergeConsumersOf,
            op => Infer(op, nameof(IOperatorHandler.InferFromOutput), op.Handler!.InferFromOutput)
        );
        for (int round = 1; round <= maxRounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool changed = forward.Run();
            changed |= backward.Run();
            if (!changed)
                return round;
        }
        string restless = string.Join(", ", forward.Changed.Concat(backward.Changed).Distinct().Take(5));
        throw new SpeedupException(
            "SPD3001",
            $"Propagation has not settled after {maxRounds} rounds; facts are still added at {restless}. The handler of one of them is at fault."
        );
    }

    private static void Infer(GraphOperator op, string function, Action<IOperator> infer)
    {
        if (op.Sizes is { } sizes)
            sizes.Infer(call => HandlerCall.Run(op, function, () => infer(call)));
        else
            HandlerCall.Run(op, function, () => infer(op));
    }

    /// <summary>One direction; visits an operator only where facts around it are new.</summary>
    private sealed class Pass(IReadOnlyList<GraphOperator> operators, Action<GraphOperator> prepare, Action<GraphOperator> infer)
    {
        private readonly int[] _seen = [.. Enumerable.Repeat(-1, operators.Count)];

        /// <summary>Operators that added facts in the last run.</summary>
        public List<string> Changed { get; } = [];

        public bool Run()
        {
            Changed.Clear();
            for (int i = 0; i < operators.Count; i++)
            {
                prepare(operators[i]);
                int before = operators[i].CountFacts();
                if (before == _seen[i])
                    continue;
                infer(operators[i]);
                _seen[i] = operators[i].CountFacts();
                if (_seen[i] != before)
                    Changed.Add(operators[i].Name);
            }
            return Changed.Count > 0;
        }
    }
}
