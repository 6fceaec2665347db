using Speedup.Abstractions;
using Speedup.TestKit.Checks;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Operators;

/// <summary>One case: asks the handler its functions in the engine's order, and holds each answer against brute force.</summary>
internal sealed class OperatorCase(OperatorSubject subject, ILoneCall call, CaseDraw draw, HandlerLog log)
{
    /// <summary>What is wrong; empty where nothing is.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>How many indices went.</summary>
    public int Removed { get; private set; }

    /// <summary>Runs it. What the handler throws is a finding, with the stack.</summary>
    public void Run()
    {
        try
        {
            Check();
        }
        catch (Exception failure) when (log.ThrownBy is not null)
        {
            bool builds = log.ThrownBy == nameof(IModuleHandler.Replace);
            KitFaultKind kind = builds ? KitFaultKind.ShapeContract : KitFaultKind.Engine;
            Finding thrown = new(kind, $"It throws. {failure}") { Handler = log.Handler, Function = log.ThrownBy };
            Findings = [log.WrongReplacement ?? thrown];
        }
    }

    private void Check()
    {
        Tensor[] example = [.. subject.Inputs.Select(input => draw.Values.Normal(input.Shape, ScalarType.Float64))];
        LoneOperator op = call.Describe(example, call.Run(example));
        call.Handler.InferFromWeight(op); // once, and before any other fact, as the engine does
        var facts = new RandomFacts(subject, op, draw);
        facts.Add();
        Settle(op);
        Observation[] seen = [.. Enumerable.Range(0, subject.SizeCount).Select(size => facts.Observe(facts.MakeInputs(size), call.Run))];
        call.Handler.Relate(op);
        Finding? wrong = new FactCheck(op, inputs => facts.WhereNeeded(call.Run(inputs)), seen, log)
        {
            DisturbsConstants = true,
        }.FindWrongClaim(draw.Values);
        wrong ??= FindWrongReplacement(op, seen);
        Findings = wrong is null ? log.Findings : [wrong, .. log.Findings];
        Removed = op.RemovedCount;
    }

    private void Settle(LoneOperator op)
    {
        int before;
        do
        {
            before = CountFacts(op);
            call.Handler.InferFromInput(op);
            call.Handler.InferFromOutput(op);
        } while (CountFacts(op) > before);
    }

    private Finding? FindWrongReplacement(LoneOperator op, Observation[] seen)
    {
        op.Plan(draw.Random, () => call.Handler.Constrain(op));
        log.Judge = call.CreateJudge(seen[0]);
        Func<Tensor[], Tensor[]> small = call.Replace(op);
        if (log.WrongReplacement is { } wrong)
            return wrong;
        return seen.Select(pass => (Pass: pass, Result: new Trial(pass).Run(op, small)))
            .Where(trial => !trial.Result.IsRight)
            .Select(trial => Say($"By the facts it may be so, but {trial.Result.Message}, of a pass on {Shapes(trial.Pass)}."))
            .FirstOrDefault();
    }

    private Finding Say(string message) => new(KitFaultKind.Soundness, message) { Handler = log.Handler };

    private static string Shapes(Observation pass) => string.Join(", ", pass.Inputs.Select(input => $"[{string.Join(", ", input.shape)}]"));

    private static int CountFacts(LoneOperator op) =>
        Enumerable.Range(0, op.InputCount).Sum(p => op.Input(p).Count) + Enumerable.Range(0, op.OutputCount).Sum(p => op.Output(p).Count);
}
