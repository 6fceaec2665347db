using System.Reflection.Emit;
using Speedup.Core.Graph;

namespace Speedup.Core.Tracing;

/// <summary>Tells where the conditions of a method body lead.</summary>
internal sealed class ConditionPlaces(ResolvedBody body)
{
    private readonly Dictionary<int, int> _indices = body.Instructions.Index().ToDictionary(item => item.Item.Offset, item => item.Index);

    /// <summary>The different places that a condition leads to, the way straight on first.</summary>
    public IReadOnlyList<ConditionSide> SidesOf(IlInstruction branch) =>
        [.. Places(branch).Select(place => new ConditionSide(place, Throws(place)))];

    /// <summary>For the way straight on and each target, the number of the side that it leads to.</summary>
    public IEnumerable<int> WaysOf(IlInstruction branch)
    {
        int[] places = Places(branch);
        return All(branch).Select(target => Array.IndexOf(places, SkipJumps(target)));
    }

    private int[] Places(IlInstruction branch) => [.. All(branch).Select(SkipJumps).Distinct()];

    private IEnumerable<int> All(IlInstruction branch) => [branch.End, .. branch.TargetsIn(body.Il)];

    /// <summary>The end of a chain of jumps, as compilers write them for the case of a switch that is not there.</summary>
    private int SkipJumps(int offset)
    {
        for (int steps = 0; steps < body.Instructions.Count && _indices.TryGetValue(offset, out int index); steps++)
        {
            IlInstruction instruction = body.Instructions[index];
            if (instruction.OpCode == OpCodes.Nop)
                offset = instruction.End;
            else if (instruction.OpCode == OpCodes.Br || instruction.OpCode == OpCodes.Br_S)
                offset = instruction.TargetsIn(body.Il)[0];
            else
                break;
        }
        return offset;
    }

    /// <summary>Whether a path from an instruction leads to a <c>throw</c> without another branch.</summary>
    private bool Throws(int offset)
    {
        if (!_indices.TryGetValue(offset, out int index))
            return false;
        for (; index < body.Instructions.Count; index++)
        {
            IlInstruction instruction = body.Instructions[index];
            if (instruction.OpCode == OpCodes.Throw)
                return true;
            if (instruction.IsBranch || instruction.IsConditional || instruction.EndsPath)
                return false;
        }
        return false;
    }
}
