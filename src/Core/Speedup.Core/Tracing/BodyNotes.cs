using System.Buffers.Binary;
using System.Reflection.Emit;
using Speedup.Core.Graph;
using Speedup.Core.Tracing.Flow;

namespace Speedup.Core.Tracing;

/// <summary>Puts notes into a method body: how each condition comes out, and which call is next.</summary>
internal sealed class BodyNotes(IRedirections rewriter, MethodFlow flow, DynamicILInfo info)
{
    /// <summary>Places on the stack that notes take.</summary>
    public const int Depth = 2;

    /// <summary>Inserts them.</summary>
    public void Insert(BodyLayout layout)
    {
        if (flow.Conditions.Count > 0)
            InsertOutcomes(layout);
        InsertIndices(layout);
        if (flow.IsDelegated)
            InsertAnswers(layout);
        KeyValuePair<int, FlowCall>[] calls = [.. flow.Calls.Where(call => call.Value.HasNumbers)];
        if (calls.Length == 0)
            return;
        int token = info.GetTokenFor(rewriter.Notes.Call);
        foreach ((int offset, FlowCall call) in calls)
            layout.InsertBefore(BeforePrefixes(offset), [.. Load(rewriter.Calls.Add(call)), .. Call(token)]);
    }

    private void InsertOutcomes(BodyLayout layout)
    {
        int token = info.GetTokenFor(rewriter.Notes.Outcome);
        var places = new ConditionPlaces(flow.Body);
        foreach (FlowCondition condition in flow.Conditions)
        {
            int id = rewriter.Conditions.Add(Describe(condition, places.SidesOf(condition.At), () => condition.Node.Kinds));
            layout.InsertOutcomes(
                condition.At.Offset,
                [.. places.WaysOf(condition.At).Select(side => (byte[])[.. Load(id), .. Load(side), .. Call(token)])]
            );
        }
    }

    /// <summary>An index that is counted in a loop is not told: the loop's condition is.</summary>
    private void InsertIndices(BodyLayout layout)
    {
        foreach (FlowCondition index in flow.Indices)
            InsertNumber(layout, index.At, Describe(index, [], () => index.Node.ComputedFrom));
    }

    private void InsertAnswers(BodyLayout layout)
    {
        foreach (FlowCondition truth in flow.Truths)
            InsertNumber(layout, truth.At, Describe(truth, [], () => truth.Node.Kinds) with { IsAnswer = true });
    }

    /// <summary>Notes the number that is on top of the stack.</summary>
    private void InsertNumber(BodyLayout layout, IlInstruction at, TracedCondition condition) =>
        layout.InsertBefore(
            BeforePrefixes(at.Offset),
            [
                (byte)OpCodes.Dup.Value,
                (byte)OpCodes.Conv_I8.Value,
                .. Load(rewriter.Conditions.Add(condition)),
                .. Call(info.GetTokenFor(rewriter.Notes.Index)),
            ]
        );

    private TracedCondition Describe(FlowCondition condition, IReadOnlyList<ConditionSide> sides, Func<ConditionKind> kinds) =>
        new()
        {
            Method = MethodNames.Of(flow.Body.Method),
            Offset = condition.At.Offset,
            Sides = sides,
            NamePlace = offset => SourceLines.NameOf(flow.Body.Method, offset),
            FindKinds = kinds,
        };

    /// <summary>A prefix, such as <c>tail.</c>, must stay with its instruction.</summary>
    private int BeforePrefixes(int offset)
    {
        int index = flow.Body.Instructions.Index().First(item => item.Item.Offset == offset).Index;
        while (index > 0 && flow.Body.Instructions[index - 1].IsPrefix)
            index--;
        return flow.Body.Instructions[index].Offset;
    }

    private static byte[] Load(int number) => WithNumber(OpCodes.Ldc_I4, number);

    private static byte[] Call(int token) => WithNumber(OpCodes.Call, token);

    private static byte[] WithNumber(OpCode code, int number)
    {
        byte[] bytes = new byte[5];
        bytes[0] = (byte)code.Value;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), number);
        return bytes;
    }
}
